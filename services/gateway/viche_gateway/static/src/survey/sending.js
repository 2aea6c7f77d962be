// Sends pages and puts the next one in place; keeps what is written now and then.
const KEEP_EVERY_MS = 20_000
const KEEP_WITHIN_MS = 10_000
// what is being kept just now: it must not arrive after the page that is sent, and put older words back
let keeping = Promise.resolve()

export async function send(form, button, start) {
  form.dataset.isBusy = 'true'
  await keeping
  try {
    show(await post(form, button?.name ? { [button.name]: button.value } : {}), start, button?.value)
  } catch {
    delete form.dataset.isBusy
    say(form, form.dataset.offline)
  }
}

// a page that was asked for without the script has been answered by the server with a redirect; so has this one
async function show(answer, start, pressed = '') {
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
  const main = page.querySelector('main')
  if (answer.redirected && !page.querySelector('form[data-survey]')) return location.assign(answer.url)
  if (!main) return location.reload()
  document.querySelector('main').replaceChildren(...main.childNodes)
  document.title = page.title
  if (answer.redirected) history.pushState(null, '', answer.url)
  start()
  const part = changedBy(pressed)
  if (part) return part.focus()
  scrollTo(0, 0)
  const first = document.querySelector('main .govuk-error-summary, main h1')
  first.tabIndex = -1
  first.focus()
}

// where one goes on after "add" or "take away": in what is new, or at the button that adds
function changedBy(pressed) {
  const [move, name] = pressed.split(':')
  if (move === 'find') return document.getElementById(`q-${name}.found`)
  const group = name && document.getElementById(`g-${name.split('.')[0]}`)
  if (!group) return null
  const instances = group.querySelectorAll(':scope > [data-instance]')
  const isNew = move === 'add' && instances.length
  return isNew ? instances[instances.length - 1].querySelector('input, select, textarea') : group.querySelector(':scope > button')
}

// what is written is kept some seconds after it was changed, quietly; where nothing is kept on the server, not at all
export function keepAtTimes(form) {
  if (form.dataset.keep === undefined) return
  let isChanged = false
  form.addEventListener('input', () => { isChanged = true })
  const timer = setInterval(() => {
    if (!form.isConnected) return clearInterval(timer)
    if (!isChanged || form.dataset.isBusy || form.enctype !== 'application/x-www-form-urlencoded') return
    isChanged = false
    keeping = keep(form).catch(() => { isChanged = true })
  }, KEEP_EVERY_MS)
}

async function keep(form) {
  const more = { '-move': 'keep', '-request': newId() }
  const answer = await post(form, more, { Accept: 'application/json' }, AbortSignal.timeout(KEEP_WITHIN_MS))
  if (!answer.ok || !answer.headers.get('Content-Type')?.includes('json')) return
  const { action, at } = await answer.json()
  if (!form.isConnected) return
  form.action = action
  history.replaceState(null, '', action)
  say(form, form.dataset.saved.replace('{}', at))
}

function post(form, more, headers = { Accept: 'text/html' }, signal = undefined) {
  const fields = new FormData(form)
  for (const [name, value] of Object.entries(more)) fields.set(name, value)
  const body = form.enctype === 'multipart/form-data' ? fields : new URLSearchParams(fields)
  return fetch(form.action, { method: 'POST', body, headers, signal })
}

const say = (form, words) => { form.querySelector('[data-saved-at]').textContent = words }

// a random UUID also where the page came over plain HTTP
function newId() {
  if (crypto.randomUUID) return crypto.randomUUID()
  const hex = Array.from(crypto.getRandomValues(new Uint8Array(16)), (one) => one.toString(16).padStart(2, '0')).join('')
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20)].join('-')
}
