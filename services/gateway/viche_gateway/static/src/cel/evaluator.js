// Evaluates what the parser of CEL gives, as Rust's `cel` does it on the server, with numbers that are all doubles.
// One difference stays: the parser reads !(!x) as x and -(-x) as x, so that here they have a value where x is neither
// true nor false, or no number; conditions come to the same.
import { FUNCTIONS, at, has, isList, isMap, isText, known, order, walked } from './functions.js'
import { matches } from './pattern.js'

class Fault extends Error {}
const fail = () => { throw new Fault() }

// answers as JSON, "I don't know" at any depth is null
function value(answer) {
  const x = known(answer)
  if (isList(x)) return x.map(value)
  if (!isMap(x)) return x
  return Object.fromEntries(Object.entries(x).map(([name, part]) => [name, value(part)]))
}

// what an expression sees: names of the survey, and inside a macro its variables over them
export class Scope {
  constructor(names, { today, position }, own = null) {
    Object.assign(this, { names, where: { today, position }, own })
  }
  with(own) {
    return new Scope(this.names, this.where, { ...this.own, ...own })
  }
  get(name) {
    if (this.own && has(this.own, name)) return this.own[name]
    return has(this.names, name) ? value(this.names[name]) : null
  }
}

export function run(expression, scope) {
  const { case: kind, value: part } = expression.exprKind
  return (EXPRESSIONS[kind] ?? fail)(part, scope)
}

const EXPRESSIONS = {
  constExpr: constant,
  identExpr: ({ name }, scope) => scope.get(name),
  selectExpr({ operand, field, testOnly }, scope) {
    const found = at(run(operand, scope), field)
    return testOnly ? found !== null : found
  },
  listExpr: ({ elements }, scope) => elements.map(each => run(each, scope)),
  callExpr: call,
  comprehensionExpr: comprehend,
}

function constant({ constantKind: { case: kind, value: written } }) {
  if (kind === 'int64Value') return BigInt.asIntN(64, written) === written ? Number(written) : fail()
  if (kind === 'nullValue') return null
  return kind === 'bytesValue' || kind === 'uint64Value' ? fail() : written
}

function call({ function: name, target, args }, scope) {
  if (has(LAZY, name)) return LAZY[name](args, scope)
  const given = (target ? [target, ...args] : args).map(each => run(each, scope))
  if (has(OPERATORS, name)) return OPERATORS[name](...given)
  if (name === 'today' || name === 'position') return given.length ? fail() : scope.where[name] ?? null
  if (name === 'matches') return target && given.every(isText) ? matches(...given) : fail()
  const [compute, least, most] = has(FUNCTIONS, name) ? FUNCTIONS[name] : fail()
  return least <= given.length && given.length <= most ? compute(...given) : fail()
}

// how macros are made: a loop that a fault ends, as on the server, whatever the other items would give
function comprehend({ iterVar, iterRange, accuVar, accuInit, loopCondition, loopStep, result }, scope) {
  const items = walked(run(iterRange, scope))
  if (!isList(items)) fail()
  let inside = scope.with({ [accuVar]: run(accuInit, scope) })
  for (const item of items) {
    if (run(loopCondition, inside) !== true) break
    inside = inside.with({ [accuVar]: run(loopStep, inside.with({ [iterVar]: item })) })
  }
  return run(result, inside)
}

function attempt(compute) {
  try {
    return compute()
  } catch (fault) {
    if (fault instanceof Fault) return fault
    throw fault
  }
}

// false outweighs a fault in "and", true in "or", on either side
const logic = decisive => (args, scope) => {
  let isDecided = true
  for (const each of args) {
    const x = attempt(() => run(each, scope))
    if (x === decisive) return decisive
    isDecided &&= typeof x === 'boolean'
  }
  return isDecided ? !decisive : fail()
}

const LAZY = {
  '_&&_': logic(false),
  '_||_': logic(true),
  '_?_:_': ([condition, yes, no], scope) => run(truth(run(condition, scope)) ? yes : no, scope),
}
const truth = x => (typeof x === 'boolean' ? x : fail())

const arithmetic = compute => (a, b) => (typeof a === 'number' && typeof b === 'number' ? compute(a, b) : fail())
const comparison = holds => (a, b) => holds(compared(a, b))

function compared(a, b) {
  if (typeof a !== typeof b) fail()
  if (isText(a)) return order(a, b)
  if (typeof a === 'boolean') return a - b
  return typeof a === 'number' && a === a && b === b ? (a > b) - (a < b) : fail()
}

function equal(a, b) {
  if (isList(a) && isList(b)) return a.length === b.length && a.every((each, i) => equal(each, b[i]))
  if (!isMap(a) || !isMap(b)) return a === b
  const names = Object.keys(a)
  return names.length === Object.keys(b).length && names.every(name => has(b, name) && equal(a[name], b[name]))
}

function within(x, among) {
  if (isList(among)) return among.some(each => equal(x, each))
  return isMap(among) && (isText(x) || typeof x === 'boolean') ? has(among, x) : fail()
}

function add(a, b) {
  if (isText(a) && isText(b)) return a + b
  return isList(a) && isList(b) ? [...a, ...b] : arithmetic((x, y) => x + y)(a, b)
}

const OPERATORS = {
  '@not_strictly_false': x => x !== false,
  '!_': x => !truth(x),
  '-_': x => (typeof x === 'number' ? -x : !truth(x)),
  '_+_': add,
  '_-_': arithmetic((a, b) => a - b),
  '_*_': arithmetic((a, b) => a * b),
  '_/_': arithmetic((a, b) => a / b),
  '_==_': equal,
  '_!=_': (a, b) => !equal(a, b),
  '_<_': comparison(sign => sign < 0),
  '_<=_': comparison(sign => sign <= 0),
  '_>_': comparison(sign => sign > 0),
  '_>=_': comparison(sign => sign >= 0),
  '@in': within,
  '_[_]': at,
}
