// `matches`: a regular expression as Rust reads it, in time linear in the text, whatever the pattern
// (viche_surveys/domain/patterns.py says what patterns may hold). All ways through the pattern are followed at once.
const CLASSES = {
  d: '\\p{Nd}',
  w: '\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\u200c\\u200d',
  s: '\\p{White_Space}',
}
const SCRIPTS = new Set(['Cyrillic', 'Greek', 'Latin'])
const BLANKS = { n: '\n', r: '\r', t: '\t' }
const TIMES = /^(?:([*+?])|\{([0-9]+)(?:(,)([0-9]*))?\})\??/
const MARKS = { '*': [0, Infinity], '+': [1, Infinity], '?': [0, 1] }
const word = new RegExp(`^[${CLASSES.w}]$`, 'u')
const isBorder = (text, at) => word.test(text[at - 1] ?? '') !== word.test(text[at] ?? '')
const ASSERTIONS = {
  '^': (text, at) => at === 0,
  $: (text, at) => at === text.length,
  '\\b': isBorder,
  '\\B': (text, at) => !isBorder(text, at),
}
const programs = new Map()

// true or false; throws what is no pattern
export function matches(text, pattern) {
  if (!programs.has(pattern)) programs.set(pattern, compiled(pattern))
  return search(programs.get(pattern), [...text])
}

// Thompson's construction: a step is { takes }, { holds } or { ways }; past the last one it has matched
function compiled(pattern) {
  const isBlind = pattern.startsWith('(?i)')
  const reader = new Reader([...pattern.slice(isBlind ? 4 : 0)], isBlind ? 'iu' : 'u')
  const write = reader.either()
  if (reader.rest.length) throw new SyntaxError(pattern)
  const steps = []
  write(steps)
  return steps
}

const leap = (...ways) => ({ ways })

const repeated = (write, least, most) => steps => {
  for (let times = 0; times < least; times++) write(steps)
  if (most === Infinity) {
    const start = steps.push(null) - 1
    write(steps)
    steps.push(leap(start))
    steps[start] = leap(start + 1, steps.length)
  } else {
    const exits = []
    for (let times = least; times < most; times++) {
      exits.push(steps.push(null) - 1)
      write(steps)
    }
    for (const exit of exits) steps[exit] = leap(exit + 1, steps.length)
  }
}

const eitherOf = (left, right) => steps => {
  const start = steps.push(null) - 1
  left(steps)
  const exit = steps.push(null) - 1
  steps[start] = leap(start + 1, steps.length)
  right(steps)
  steps[exit] = leap(steps.length)
}

// Reads a pattern; what it gives writes steps.
class Reader {
  constructor(rest, flags) {
    Object.assign(this, { rest, flags })
  }

  sees(mark) {
    return this.rest.slice(0, mark.length).join('') === mark
  }

  eats(mark) {
    return this.sees(mark) && this.rest.splice(0, mark.length).length > 0
  }

  either() {
    const left = this.sequence()
    return this.eats('|') ? eitherOf(left, this.either()) : left
  }

  sequence() {
    const parts = []
    while (this.rest.length && !this.sees('|') && !this.sees(')')) parts.push(this.times(this.part()))
    return steps => parts.forEach(write => write(steps))
  }

  times(write) {
    const [written, mark, least, comma, most] = TIMES.exec(this.rest.slice(0, 16).join('')) ?? []
    if (!written) return write
    this.rest.splice(0, written.length)
    const bounds = MARKS[mark] ?? [Number(least), comma ? Number(most || Infinity) : Number(least)]
    return repeated(write, ...bounds)
  }

  part() {
    if (this.eats('(')) {
      this.eats('?:')
      const write = this.either()
      if (!this.eats(')')) throw new SyntaxError('(')
      return write
    }
    const mark = Object.keys(ASSERTIONS).find(each => this.eats(each))
    const step = mark ? { holds: ASSERTIONS[mark] } : { takes: this.character() }
    return steps => steps.push(step)
  }

  character() {
    if (this.eats('.')) return x => x !== '\n'
    if (this.eats('[')) return this.set()
    return this.among(this.item(), /^\\[DWSP]/.test(this.seen))
  }

  set() {
    const isNegative = this.eats('^')
    let items = this.item()
    while (!this.eats(']')) items += this.sees('-') && !this.sees('-]') && this.eats('-') ? `-${this.item()}` : this.item()
    return this.among(items, isNegative)
  }

  // what is negative is so in our words, since with `i` browsers read it in their own way
  among(items, isNegative) {
    const set = new RegExp(`^[${items}]$`, this.flags)
    return x => set.test(x) !== isNegative
  }

  // one item of a set, as browsers write it
  item() {
    this.seen = this.rest.slice(0, 2).join('')
    const character = this.rest.shift()
    if (character !== '\\') return quoted(character)
    const escape = this.rest.shift()
    if (escape === 'p' || escape === 'P') return this.property()
    return CLASSES[escape.toLowerCase()] ?? quoted(BLANKS[escape] ?? escape)
  }

  property() {
    const name = this.rest.splice(0, this.rest.indexOf('}') + 1).slice(1, -1).join('')
    return `\\p{${SCRIPTS.has(name) ? 'Script=' : ''}${name}}`
  }
}

const quoted = character => `\\u{${character.codePointAt(0).toString(16)}}`

function search(program, text) {
  let ways = new Set()
  for (let at = 0; at <= text.length; at++) {
    follow(program, ways, 0, text, at)
    if (ways.has(program.length)) return true
    const taken = at < text.length ? [...ways].filter(way => program[way].takes?.(text[at])) : []
    ways = new Set()
    for (const way of taken) follow(program, ways, way + 1, text, at + 1)
  }
  return false
}

// adds all steps that are reached without taking a character
function follow(program, ways, start, text, at) {
  const open = [start]
  while (open.length) {
    const way = open.pop()
    if (ways.has(way)) continue
    ways.add(way)
    const step = program[way]
    if (step?.ways) open.push(...step.ways)
    else if (step?.holds?.(text, at)) open.push(way + 1)
  }
}
