// The functions that expressions may call: the same as viche_surveys/domain/functions.py, which says what each is for.
// Each is total: what it cannot make sense of gives null. Values are null, booleans, numbers, strings, arrays, objects.
const NUMBER = /^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?$/
const BLANKS = /^[ \t\r\n]+|[ \t\r\n]+$/g
const DAY = /^([0-9]{4})-([0-9]{2})-([0-9]{2})(T[0-9:.Z+-]*)?$/
const EXACT = 2 ** 53
const MAX_DIGITS = 15
const MONTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

export const isNumber = x => typeof x === 'number' && Number.isFinite(x)
export const isText = x => typeof x === 'string'
export const isList = Array.isArray
export const isMap = x => typeof x === 'object' && x !== null && !isList(x)
export const has = (map, key) => Object.prototype.hasOwnProperty.call(map, key)

// "I don't know" is no answer
export const known = x => (x === undefined || (isMap(x) && x.dont_know === true) ? null : x)

// code points in their order, as UTF-8 has them; UTF-16 puts emoji below some of the rest
export function order(a, b) {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const [x, y] = [a.charCodeAt(i), b.charCodeAt(i)]
    if (x !== y) return weight(x) - weight(y)
  }
  return a.length - b.length
}
const weight = unit => (unit >= 0xe000 ? unit - 0x2000 : unit >= 0xd800 ? unit + 0x2000 : unit)

export function at(x, key) {
  if (isMap(x) && isText(key)) return has(x, key) ? known(x[key]) : null
  if (isList(x) && Number.isInteger(key) && key >= 0 && key < x.length) return x[key]
  return null
}

export const walked = x => (isMap(x) ? Object.keys(x).sort(order) : x)

export function text(x) {
  if (isList(x)) return x.map(text).filter(each => each !== null).join(', ')
  if (typeof x === 'boolean') return String(x)
  if (typeof x === 'number') return Number.isFinite(x) ? written(x) : null
  return isText(x) ? x : null
}

// without an exponent
function written(x) {
  const [mantissa, exponent] = String(x).split('e')
  if (exponent === undefined) return mantissa
  const [, sign, whole, , fraction = ''] = mantissa.match(/^(-?)([0-9]+)(\.([0-9]+))?$/)
  const places = Number(exponent)
  if (places > 0) return sign + whole + fraction.padEnd(places, '0')
  return `${sign}0.${'0'.repeat(-places - 1)}${whole}${fraction}`
}

const answered = x => x !== null && x !== '' && !(isList(x) && !x.length) && !(isMap(x) && !Object.keys(x).length)

function selected(x, code) {
  const wanted = text(code)
  return wanted !== null && (isList(x) ? x : [x]).some(each => !isList(each) && text(each) === wanted)
}

function count(x) {
  if (isList(x) || isMap(x)) return Object.values(x).filter(each => each !== null).length
  return Number(answered(x))
}

function sum(items) {
  if (!isList(items) || !items.every(each => each === null || isNumber(each))) return null
  return finite(items.reduce((total, each) => total + (each ?? 0), 0))
}

const finite = x => (isNumber(x) ? x + 0 : null)

const extreme = isBetter => (...items) => {
  const among = (items.length === 1 && isList(items[0]) ? items[0] : items).filter(each => each !== null)
  if (!among.length || !(among.every(isNumber) || among.every(isText))) return null
  return among.reduce((best, each) => (isBetter(isText(each) ? order(each, best) : each - best) ? each : best))
}

function number(x) {
  if (!isText(x)) return typeof x === 'boolean' ? Number(x) : finite(x)
  const digits = x.replace(BLANKS, '')
  return NUMBER.test(digits) ? finite(Number(digits)) : null
}

function round(x, digits = 0) {
  if (!isNumber(x) || !Number.isInteger(digits) || digits < 0 || digits > MAX_DIGITS) return null
  const moved = shifted(Math.abs(x), digits)
  if (moved >= EXACT) return x
  const whole = Math.floor(moved) + Number(moved - Math.floor(moved) >= 0.5)
  return Math.sign(x) * shifted(whole, -digits) + 0
}

// x times ten to the power of places, exactly as it is written
function shifted(x, places) {
  const [mantissa, exponent = '0'] = String(x).split('e')
  return Number(`${mantissa}e${Number(exponent) + places}`)
}

function day(x) {
  const [, ...parts] = (isText(x) && DAY.exec(x)) || []
  const [y, m, d] = parts.slice(0, 3).map(Number)
  if (!parts.length || y < 1 || m < 1 || m > 12 || d < 1 || d > MONTHS[m - 1] + Number(m === 2 && isLeap(y))) return null
  return { y, m, d, iso: parts.slice(0, 3).join('-') }
}
const isLeap = y => (y % 4 === 0 && y % 100 !== 0) || y % 400 === 0

// days since the first of year 1, in the Gregorian calendar throughout
function ordinal({ y, m, d }) {
  const before = y - 1
  const ofMonths = MONTHS.slice(0, m - 1).reduce((days, each) => days + each, 0) + Number(m > 2 && isLeap(y))
  return before * 365 + Math.floor(before / 4) - Math.floor(before / 100) + Math.floor(before / 400) + ofMonths + d
}

const withDays = compute => (a, b) => {
  const [first, second] = [day(a), day(b)]
  return first && second && compute(first, second)
}
const years = (a, b) => b.y - a.y - Number(b.m < a.m || (b.m === a.m && b.d < a.d))

const withTexts = compute => (x, part) => (isText(x) && isText(part) ? compute(x, part) : null)

// name: [function, least and most arguments]
export const FUNCTIONS = {
  answered: [answered, 1, 1],
  selected: [selected, 2, 2],
  count: [count, 1, 1],
  sum: [sum, 1, 1],
  min: [extreme(sign => sign < 0), 1, 32],
  max: [extreme(sign => sign > 0), 1, 32],
  number: [number, 1, 1],
  text: [text, 1, 1],
  coalesce: [(...items) => items.find(each => each !== null) ?? null, 1, 32],
  round: [round, 1, 2],
  floor: [x => (isNumber(x) ? Math.floor(x) : null), 1, 1],
  mod: [(x, y) => (isNumber(x) && isNumber(y) && y ? (x % y) + 0 : null), 2, 2],
  date: [x => day(x)?.iso ?? null, 1, 1],
  days_between: [withDays((a, b) => ordinal(b) - ordinal(a)), 2, 2],
  years_between: [withDays((a, b) => (a.iso <= b.iso ? years(a, b) : 0 - years(b, a))), 2, 2],
  size: [x => (isText(x) ? [...x].length : isList(x) || isMap(x) ? Object.keys(x).length : null), 1, 1],
  contains: [withTexts((x, part) => x.includes(part)), 2, 2],
  startsWith: [withTexts((x, part) => x.startsWith(part)), 2, 2],
  endsWith: [withTexts((x, part) => x.endsWith(part)), 2, 2],
}
