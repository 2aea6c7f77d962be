// Files that are being made: the list is looked at again until they are ready.
const EVERY_MS = 3000

const look = async () => {
  const shown = document.querySelector('[data-exports]')
  if (!shown.querySelector('progress, [data-unfinished]')) return
  try {
    const answer = await fetch(window.location.pathname, { credentials: 'same-origin' })
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
    const next = page.querySelector('[data-exports]')
    if (!next || !answer.ok) return
    if (!shown.contains(document.activeElement)) shown.replaceWith(next)
  } catch {
    // without a connection the list stays as it is, and is looked at again
  }
  setTimeout(look, EVERY_MS)
}

setTimeout(look, EVERY_MS)
