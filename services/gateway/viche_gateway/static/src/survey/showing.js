// What the answers so far show: questions, groups, options and texts, in the order of the page, as the service decides
// it (viche_surveys/domain/visibility.py). What is hidden is disabled, so that it is not sent, and counts as not answered.
import { valueOf } from './values.js'

const ITEMS = '[data-question], [data-group]'
const AROUND = '[data-group], [data-instance]'

export function arrange(form, cel) {
  const names = answersElsewhere(form)
  walk(form, names, { today: form.dataset.today }, cel, labelsIn(form))
  form.elements['-shown'].value = questionsSeen(form).map((question) => question.dataset.question).join(' ')
}

// questions that the reader sees
export function questionsSeen(form) {
  return [...form.querySelectorAll('[data-question]')].filter((question) => !question.closest('[hidden]'))
}

// answers of this page and of others as expressions see them; `own` are those beside a question in a repeat
export function namesAround(form, question) {
  const names = answersElsewhere(form)
  const instance = question.closest('[data-instance]')
  for (const each of questionsSeen(form)) {
    const around = each.closest('[data-instance]')
    if (!around || around === instance) names[each.dataset.name] = valueOf(each)
  }
  return names
}

export const whereIs = (form, question) => ({ today: form.dataset.today, position: positionOf(question) })

function positionOf(question) {
  const instance = question.closest('[data-instance]')?.dataset.instance
  return instance === undefined ? undefined : Number(instance.slice(instance.lastIndexOf('.') + 1)) + 1
}

const answersElsewhere = (form) => JSON.parse(form.dataset.names || '{}')

function walk(root, names, where, cel, labels) {
  for (const item of itemsOf(root)) {
    const isShown = cel.holds(item.dataset.relevant, names, false, where)
    item.hidden = item.disabled = !isShown
    if (!isShown) forget(item, names)
    else if (item.dataset.group === undefined) refresh(item, names, where, cel, labels)
    else if (item.querySelector(':scope > [data-instance]')) repeat(item, names, where, cel, labels)
    else walk(item, names, where, cel, labels)
  }
}

function itemsOf(root) {
  const around = root.matches(AROUND) ? root : null
  return [...root.querySelectorAll(ITEMS)].filter((item) => item.parentElement.closest(AROUND) === around)
}

function forget(item, names) {
  delete names[item.dataset.name ?? item.dataset.group]
  for (const question of item.querySelectorAll('[data-question]')) delete names[question.dataset.name]
}

function repeat(group, names, where, cel, labels) {
  const instances = [...group.querySelectorAll(':scope > [data-instance]')]
  names[group.dataset.group] = instances.map((instance, place) => {
    const inside = { ...names }
    walk(instance, inside, { ...where, position: place + 1 }, cel, labels)
    const own = [...instance.querySelectorAll('[data-question]')].map((question) => question.dataset.name)
    return Object.fromEntries(own.filter((name) => inside[name] !== undefined).map((name) => [name, inside[name]]))
  })
}

function refresh(question, names, where, cel, labels) {
  const { labelTemplate, optionFilter, name } = question.dataset
  if (labelTemplate) {
    const words = cel.render(labelTemplate, names, labels, where)
    for (const label of question.querySelectorAll('[data-label]')) label.textContent = words
  }
  if (optionFilter) offer(question, (option) => cel.holds(optionFilter, { ...names, option }, false, where))
  names[name] = valueOf(question)
}

function offer(question, isOffered) {
  for (const item of question.querySelectorAll('[data-option]')) {
    const option = { ...JSON.parse(item.dataset.attributes ?? '{}'), code: item.dataset.option }
    const input = item.querySelector('input, select')
    item.hidden = input.disabled = !isOffered(option)
    if (!item.hidden) continue
    if (input.matches('select')) input.value = ''
    else input.checked = false
  }
}

function labelsIn(form) {
  const labels = {}
  for (const question of form.querySelectorAll('[data-question]')) {
    const items = [...question.querySelectorAll('[data-option]')]
    const texts = items.map((item) => [item.dataset.option, item.querySelector('label').textContent.trim()])
    if (texts.length) labels[question.dataset.name] = Object.fromEntries(texts)
  }
  return labels
}
