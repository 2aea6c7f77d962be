// Answers as they stand in a form, in the shapes that expressions know (undefined: not answered).
const trimmed = (input) => input?.value.trim() || undefined
export const DONT_KNOW = '.dont_know'

// inputs of a question by the end of their names: "" for the answer itself, ".day", ".ROW"
export function inputs(question, part = '') {
  const name = question.dataset.question + part
  return [...question.querySelectorAll('input, select, textarea')].filter((input) => input.name === name)
}

const one = (question, part) => trimmed(inputs(question, part)[0])
const checked = (question, part) => inputs(question, part).filter((input) => input.checked && !input.disabled)
const first = (list) => list[0]?.value
const all = (list) => (list.length ? list.map((input) => input.value) : undefined)

export function number(text) {
  if (text === undefined) return undefined
  const value = Number(text.replace(/[\s\u00a0\u202f]/g, '').replace(',', '.').replace('\u2212', '-'))
  return Number.isFinite(value) ? value : undefined
}

function day(question) {
  const [year, month, date] = ['.year', '.month', '.day'].map((part) => one(question, part))
  if (!year || !month || !date) return undefined
  return `${year.padStart(4, '0')}-${month.padStart(2, '0')}-${date.padStart(2, '0')}`
}

function together(first, second, made) {
  return first === undefined || second === undefined ? undefined : made
}

function matrix(question) {
  const rows = {}
  for (const row of question.querySelectorAll('[data-row]')) {
    const chosen = checked(question, `.${row.dataset.row}`)
    if (!chosen.length) continue
    rows[row.dataset.row] = chosen[0].type === 'checkbox' ? chosen.map((input) => input.value) : chosen[0].value
  }
  return Object.keys(rows).length ? rows : undefined
}

function ranking(question) {
  const places = [...question.querySelectorAll('select')].filter((select) => select.value && !select.disabled)
  const order = places.sort((one, other) => one.value - other.value)
  return order.length ? order.map((select) => select.closest('[data-option]').dataset.option) : undefined
}

const radio = (question) => first(checked(question))
const SHAPES = {
  single: radio,
  likert: radio,
  multiple: (question) => all(checked(question)),
  scale: (question) => number(radio(question) ?? one(question)),
  number: (question) => number(one(question)),
  matrix,
  ranking,
  consent: (question) => (checked(question).length ? true : undefined),
  date: day,
  datetime: (question) => together(day(question), one(question, '.time'), `${day(question)}T${one(question, '.time')}`),
  territory: (question) => (question.querySelector('input[type=radio]') ? radio : one)(question),
  location(question) {
    const [lat, lon] = ['.lat', '.lon'].map((part) => number(one(question, part)))
    return together(lat, lon, { lat, lon })
  },
  file: (question) => inputs(question).find((input) => input.value)?.value,
  note: () => undefined
}

export function valueOf(question) {
  if (isUnknown(question)) return undefined
  return (SHAPES[question.dataset.kind] ?? one)(question)
}

// whether "I don't know" is said
export const isUnknown = (question) => checked(question, DONT_KNOW).length > 0
