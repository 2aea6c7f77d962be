// Petitions like the title that is being typed, shown under its field. Where this does not run, the next page has them.
const WAIT_MS = 300
const LEAST_CHARACTERS = 10

const place = document.querySelector('[data-similar]')
const field = document.querySelector('#title')
let timer
let request
let asked = ''

async function look() {
  const title = field.value.trim()
  if (title === asked) return
  asked = title
  request?.abort()
  if (title.length < LEAST_CHARACTERS) return show('')
  request = new AbortController()
  const answer = await fetch(`${place.dataset.similar}?${new URLSearchParams({ title })}`, { signal: request.signal })
  if (!answer.ok) return
  show(await answer.text())
  field.form.elements[place.dataset.seen].value = title
}

// only the sentence is read out, and only when it has changed; the list waits below it
function show(html) {
  const part = document.createElement('template')
  part.innerHTML = html
  const [said, list] = place.children
  const sentence = part.content.querySelector('.similar__said')?.textContent ?? ''
  if (said.textContent !== sentence) said.textContent = sentence
  list.replaceChildren(...part.content.querySelectorAll('.similar__list'))
  place.classList.toggle('similar--found', sentence !== '')
}

// petitions like it are an offer: a failure here is not told
const lookQuietly = () => look().catch(() => {})
if (place && field) {
  field.addEventListener('input', () => {
    clearTimeout(timer)
    timer = setTimeout(lookQuietly, WAIT_MS)
  })
  lookQuietly()
}
