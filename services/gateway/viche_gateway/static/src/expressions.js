// Conditions, calculations and piping of a survey, in CEL, as the service has them (viche_surveys/domain/expressions.py).
// tests/unit/surveys/expressions.json holds both to the same answers.
import { parse } from '../../../node_modules/@bufbuild/cel/dist/esm/parse.js'
import { Scope, run } from './cel/evaluator.js'
import { has, isList, isMap, isText, text } from './cel/functions.js'

const PART = /\{\{|\}\}|\{((?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|[^{}"'])*)\}|[{}]/g
const parsed = new Map()

// What an expression gives; null where it cannot be evaluated.
// names: answers by name, as an answer document has them. where: { today: 'YYYY-MM-DD', position: from 1 in a repeat }.
export function evaluate(source, names, where = {}) {
  try {
    return result(run(tree(source), new Scope(names, where)))
  } catch {
    return null
  }
}

// Whether a condition is true, an empty one is; what gives neither true nor false comes to `otherwise`:
// false for relevance and filters, true for constraints.
export function holds(source, names, otherwise, where = {}) {
  if (!source) return true
  const value = evaluate(source, names, where)
  return typeof value === 'boolean' ? value : otherwise
}

// A text with what the expressions in its braces give, plain; a bare name of a question shows its options' labels.
// labels: { question: { code: label } }.
export function render(written, names, labels, where = {}) {
  return written.replace(PART, (part, expression) => {
    if (expression === undefined) return part[0]
    const source = expression.trim()
    return text(labelled(evaluate(source, names, where), has(labels, source) ? labels[source] : {})) ?? ''
  })
}

function labelled(value, labels) {
  if (isList(value)) return value.map(each => labelled(each, labels))
  return isText(value) && has(labels, value) ? labels[value] : value
}

function tree(source) {
  if (!parsed.has(source)) parsed.set(source, parse(source).expr)
  return parsed.get(source)
}

// no infinity, no zero below zero
function result(value) {
  if (typeof value === 'number') return Number.isFinite(value) ? value + 0 : null
  if (isList(value)) return value.map(result)
  return isMap(value) ? Object.fromEntries(Object.entries(value).map(([name, part]) => [name, result(part)])) : value
}
