// Passkeys: the browser makes or uses one, and the form sends what it says. Where this does not run, the form stays
// hidden and people sign in by e-mail.
const form = document.querySelector('form[data-passkey]')
const said = form?.querySelector('[data-passkey-said]')
let isAsking = false

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (one) => one.charCodeAt(0))
const text = (buffer) =>
  btoa(Array.from(new Uint8Array(buffer), (one) => String.fromCharCode(one)).join(''))
    .replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')
const withBytes = (each) => ({ ...each, id: bytes(each.id) })

// what people read as it is
class Refused extends Error {}

async function options() {
  const headers = { Accept: 'application/json', 'X-CSRFToken': form.elements.csrf_token.value }
  const answer = await fetch(form.dataset.options, { method: 'POST', headers })
  if (!answer.headers.get('Content-Type')?.includes('json')) return location.reload()
  const body = await answer.json()
  if (body.reason === 'CONFIRM_FIRST') return location.assign(form.dataset.confirm)
  if (!answer.ok) throw new Refused(body.detail)
  body.challenge = bytes(body.challenge)
  body.allowCredentials = body.allowCredentials?.map(withBytes)
  body.excludeCredentials = body.excludeCredentials?.map(withBytes)
  if (body.user) body.user = withBytes(body.user)
  return body
}

async function credential() {
  const publicKey = await options()
  if (!publicKey) return ''
  const made = await navigator.credentials[form.dataset.passkey]({ publicKey })
  const response = { transports: made.response.getTransports?.() }
  for (const name of ['clientDataJSON', 'attestationObject', 'authenticatorData', 'signature', 'userHandle']) {
    if (made.response[name]) response[name] = text(made.response[name])
  }
  return JSON.stringify({ id: made.id, rawId: text(made.rawId), type: made.type, response })
}

function sentence(error) {
  if (error instanceof Refused) return error.message
  return (error.name === 'InvalidStateError' && form.dataset.taken) || form.dataset.stopped
}

async function ask(event) {
  if (form.elements.name?.value.trim() === '') return // the next page says what is missing
  event.preventDefault()
  if (isAsking) return
  isAsking = true
  said.textContent = ''
  try {
    form.elements.credential.value = await credential()
    if (form.elements.credential.value) form.submit()
  } catch (error) {
    said.textContent = sentence(error)
  }
  isAsking = false
}

if (form && window.PublicKeyCredential && location.origin === form.dataset.origin) {
  form.hidden = false
  for (const each of document.querySelectorAll('[data-passkey-without]')) each.hidden = true
  form.addEventListener('submit', ask)
}
