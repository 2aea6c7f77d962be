// What is wrong before a page is sent, in the sentences that the server would use. The server checks everything again.
import { inputs, isUnknown, number, valueOf } from './values.js'
import { namesAround, questionsSeen, whereIs } from './showing.js'

const MARKS = ['govuk-form-group--error', 'govuk-input--error', 'govuk-textarea--error', 'govuk-select--error']
const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/

export function faultsIn(form, cel) {
  return questionsSeen(form).flatMap((question) => {
    const reason = question.dataset.sentences && reasonOf(form, question, cel)
    if (!reason) return []
    return [{ question, sentence: JSON.parse(question.dataset.sentences)[reason] }]
  })
}

function reasonOf(form, question, cel) {
  if (isUnknown(question)) return ''
  const value = valueOf(question)
  const isEmpty = value === undefined && !inputsFilled(question)
  if (isEmpty) return isRequired(form, question, cel) ? 'REQUIRED' : ''
  return OF_KIND[question.dataset.kind]?.(question, value) || broken(form, question, cel, value)
}

const inputsFilled = (question) =>
  [...question.querySelectorAll('input:not([type=radio]):not([type=checkbox]):not([type=hidden]), textarea')].some(
    (input) => input.value.trim()
  )

function isRequired(form, question, cel) {
  const { required, requiredIf } = question.dataset
  if (!requiredIf || !cel) return required !== undefined
  return cel.holds(requiredIf, namesAround(form, question), false, whereIs(form, question))
}

function broken(form, question, cel, value) {
  const { constraint } = question.dataset
  if (!constraint || !cel || value === undefined) return ''
  const names = { ...namesAround(form, question), value }
  return cel.holds(constraint, names, true, whereIs(form, question)) ? '' : 'CONSTRAINT'
}

const bound = (question, name) => (question.dataset[name] === undefined ? undefined : Number(question.dataset[name]))
const isUnder = (value, least) => least !== undefined && value < least
const isOver = (value, most) => most !== undefined && value > most

function chosen(question, value) {
  if (isOver(value.length, bound(question, 'maxSelected'))) return 'TOO_MANY'
  const isAlone = value.length === 1 && question.querySelector('[data-exclusive]:checked')
  return isUnder(value.length, bound(question, 'minSelected')) && !isAlone ? 'TOO_FEW' : ''
}

const OF_KIND = {
  multiple(question, value) {
    const alone = question.querySelector('[data-exclusive]:checked')
    return alone && value.length > 1 ? 'EXCLUSIVE' : chosen(question, value)
  },
  ranking(question, value) {
    const places = [...question.querySelectorAll('select')].map((select) => select.value).filter(Boolean)
    return new Set(places).size < places.length ? 'SAME_PLACE_TWICE' : chosen(question, value)
  },
  number(question, value) {
    if (value === undefined) return number(inputs(question)[0].value.trim()) === undefined ? 'NOT_A_NUMBER' : ''
    if (isUnder(value, bound(question, 'minimum'))) return 'TOO_SMALL'
    return isOver(value, bound(question, 'maximum')) ? 'TOO_LARGE' : ''
  },
  text(question, value) {
    const length = [...value].length // characters as people count them, not halves of pairs
    if (isUnder(length, bound(question, 'minLength'))) return 'TOO_SHORT'
    return isOver(length, bound(question, 'maxLength')) ? 'TOO_LONG' : ''
  },
  email: (question, value) => (EMAIL.test(value) ? '' : 'NOT_AN_EMAIL')
}

// says all faults: in a summary at the top, which gets the focus, and beside each question
export function complain(form, faults) {
  for (const old of form.querySelectorAll('.govuk-error-summary, .govuk-error-message')) old.remove()
  for (const mark of MARKS) {
    for (const old of form.querySelectorAll(`.${mark}`)) old.classList.remove(mark)
  }
  const list = faults.map(({ question, sentence }) => beside(form, question, sentence))
  const summary = made('div', 'govuk-error-summary')
  summary.tabIndex = -1
  summary.setAttribute('role', 'alert')
  const items = made('ul', 'govuk-list govuk-error-summary__list')
  items.append(...list)
  summary.append(made('h2', 'govuk-error-summary__title', form.dataset.summary), items)
  form.querySelector('h1').before(summary)
  summary.focus()
}

function beside(form, question, sentence) {
  const group = question.querySelector('.govuk-form-group')
  const input = question.querySelector('input:not([type=hidden]), select, textarea')
  const message = made('p', 'govuk-error-message', sentence)
  message.id = `q-${question.dataset.question}-error`
  message.prepend(made('span', 'govuk-visually-hidden', `${form.dataset.error} `))
  group.classList.add('govuk-form-group--error')
  for (const kind of ['input', 'textarea', 'select']) {
    for (const each of question.querySelectorAll(`.govuk-${kind}`)) each.classList.add(`govuk-${kind}--error`)
  }
  group.querySelector('legend, label').after(message)
  describe(group.querySelector('fieldset') ?? input, message.id)
  const link = made('a', '', `${label(question)}: ${sentence}`)
  link.href = `#${input.id}`
  link.addEventListener('click', (event) => {
    event.preventDefault()
    input.scrollIntoView({ block: 'center' })
    input.focus({ preventScroll: true })
  })
  const item = document.createElement('li')
  item.append(link)
  return item
}

function describe(element, id) {
  const ids = new Set((element.getAttribute('aria-describedby') ?? '').split(' ').filter(Boolean))
  element.setAttribute('aria-describedby', [...ids.add(id)].join(' '))
}

const label = (question) => question.querySelector('[data-label]')?.textContent.trim() ?? ''

function made(tag, classes, words = '') {
  const element = document.createElement(tag)
  if (classes) element.className = classes
  element.textContent = words
  return element
}
