// How long a text is for each account while it is being written, as the server counts it. The preview says it, too.
const WAIT_MS = 500

const place = document.querySelector('[data-live]')
const form = place?.closest('form')
let timer
let request

async function measure() {
  request?.abort()
  request = new AbortController()
  const sent = new FormData(form)
  sent.delete('file')
  const answer = await fetch(place.dataset.live, { method: 'POST', body: sent, signal: request.signal })
  if (answer.ok) show(await answer.text())
}

// the figures change with each letter, so only what does not fit is read out, and only when that changes
function show(html) {
  const part = document.createElement('template')
  part.innerHTML = html
  const [said, list] = place.children
  const over = [...part.content.querySelectorAll('.post__over')].map((each) => each.closest('li').textContent.trim())
  const sentence = over.join('. ')
  if (said.textContent !== sentence) said.textContent = sentence
  said.hidden = sentence === ''
  list.replaceChildren(part.content)
}

// the count is a comfort: a failure here is not told
const measureQuietly = () => measure().catch(() => {})
if (form) {
  form.addEventListener('input', () => {
    clearTimeout(timer)
    timer = setTimeout(measureQuietly, WAIT_MS)
  })
  measureQuietly()
}
