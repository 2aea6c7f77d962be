// Keys for lists of cases: j and k go down and up, Enter opens what is in focus, as everywhere.
const titles = [...document.querySelectorAll('[data-queue] .queue__title')]

document.addEventListener('keydown', (event) => {
  const step = { j: 1, k: -1 }[event.key]
  const isTyping = event.target.closest('input, textarea, select, [contenteditable]')
  if (!step || !titles.length || isTyping || event.ctrlKey || event.altKey || event.metaKey) return
  const here = titles.indexOf(document.activeElement)
  titles[Math.min(Math.max(here + step, 0), titles.length - 1)].focus()
  event.preventDefault()
})
