// Small comforts of questions: counts of characters, what is chosen alone, places by buttons, the place where one is.
import { CharacterCount } from '../../../../node_modules/govuk-frontend/dist/govuk/components/character-count/character-count.mjs'
import { ErrorSummary } from '../../../../node_modules/govuk-frontend/dist/govuk/components/error-summary/error-summary.mjs'
import { offerLookups } from '../lookup/offering.js'

const COMPONENTS = [[CharacterCount, 'character-count'], [ErrorSummary, 'error-summary']]

export function comfort(page) {
  document.body.classList.add('js-enabled', 'govuk-frontend-supported')
  for (const [Component, name] of COMPONENTS) {
    for (const element of page.querySelectorAll(`main [data-module="govuk-${name}"]`)) new Component(element)
  }
  for (const question of page.querySelectorAll('[data-question]')) question.addEventListener('change', alone)
  for (const list of page.querySelectorAll('.ranking')) rank(list)
  for (const button of page.querySelectorAll('[data-locate]')) locate(button)
  for (const button of page.querySelectorAll('[data-copy]')) copy(button)
  offerLookups(page)
}

// "none of these" and "I don't know" stand alone
function alone(event) {
  const question = event.currentTarget
  const said = event.target
  const unknown = question.querySelector('input[name$=".dont_know"]')
  if (said === unknown && said.checked) empty(question, unknown)
  else if (unknown && said !== unknown) unknown.checked = false
  if (said.type !== 'checkbox' || !said.checked || said === unknown) return
  for (const box of question.querySelectorAll(`input[name="${CSS.escape(said.name)}"]`)) {
    if (box !== said && ('exclusive' in box.dataset || 'exclusive' in said.dataset)) box.checked = false
  }
}

function empty(question, unknown) {
  for (const input of question.querySelectorAll('input, select, textarea')) {
    if (input === unknown || input.type === 'hidden') continue
    if (input.type === 'radio' || input.type === 'checkbox') input.checked = false
    else input.value = ''
  }
}

function rank(list) {
  const items = () => [...list.children]
  const place = (item) => Number(item.querySelector('select').value) || Infinity
  list.append(...items().sort((one, other) => (place(one) === place(other) ? 0 : place(one) - place(other))))
  for (const item of items()) {
    item.append(mover(item, list.dataset.up, -1), mover(item, list.dataset.down, 1))
  }

  function mover(item, words, step) {
    const button = document.createElement('button')
    button.type = 'button'
    button.className = 'ranking__move'
    button.textContent = words
    button.setAttribute('aria-label', `${words}: ${item.querySelector('label').textContent.trim()}`)
    button.addEventListener('click', () => move(item, step, button))
    return button
  }

  function move(item, step, button) {
    const beside = step < 0 ? item.previousElementSibling : item.nextElementSibling
    if (beside) step < 0 ? beside.before(item) : beside.after(item)
    items().filter((each) => !each.hidden).forEach((each, index) => { each.querySelector('select').value = index + 1 })
    button.focus()
    list.dispatchEvent(new Event('change', { bubbles: true }))
  }
}

function locate(button) {
  if (!navigator.geolocation) return
  button.hidden = false
  const question = button.closest('[data-question]')
  const said = question.querySelector('[data-located]')
  const field = (part) => question.querySelector(`input[name$="${part}"]`)
  button.addEventListener('click', () => navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      field('.lat').value = coords.latitude.toFixed(5)
      field('.lon').value = coords.longitude.toFixed(5)
      field('.lat').dispatchEvent(new Event('input', { bubbles: true }))
      said.textContent = ''
    },
    () => { said.textContent = button.dataset.locate }
  ))
}

// inside other pages browsers may keep the clipboard from us; then the old way is tried, and at the least all is selected
function copy(button) {
  const field = document.querySelector('[data-private-link]')
  const said = document.querySelector('[data-copied]')
  button.hidden = false
  field.addEventListener('focus', () => field.select())
  button.addEventListener('click', async () => {
    const isCopied = await written(field)
    said.textContent = isCopied ? button.dataset.copy : button.dataset.selected
  })
}

async function written(field) {
  try {
    await navigator.clipboard.writeText(field.value)
    return true
  } catch {
    field.focus()
    field.setSelectionRange(0, field.value.length)
    return document.execCommand('copy')
  }
}
