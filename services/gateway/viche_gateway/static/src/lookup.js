// Type to search in a long list: an editable combobox with a list (ARIA Authoring Practices Guide, 1.2). Where this does
// not run, the select stays, or the server's step that finds places (viche_gateway/portal/surveys/places.py).
import { fromSelect, fromSearch } from './lookup/sources.js'

const WAIT_MS = 150
let isPressed = false
addEventListener('pointerdown', () => { isPressed = true }, true)
for (const end of ['pointerup', 'pointercancel']) addEventListener(end, () => { isPressed = false }, true)

export default function lookUp(element) {
  const source = element.matches('select') ? fromSelect(element) : fromSearch(element)
  if (!source) return
  new Combobox(source, JSON.parse(element.dataset.lookupWords))
}

class Combobox {
  constructor(source, words) {
    Object.assign(this, { source, words, input: source.input, found: [], foundFor: null, place: -1, asked: 0 })
    this.list = made('ul', 'lookup__list', { id: `${this.input.id}-list`, role: 'listbox', hidden: true })
    this.list.setAttribute('aria-label', source.label)
    this.said = made('p', '', { id: `${this.input.id}-said` })
    this.said.setAttribute('role', 'status')
    this.input.after(this.list, this.said)
    this.name()
    this.say('')
    this.input.addEventListener('input', () => this.write())
    this.input.addEventListener('keydown', (event) => this.press(event))
    this.input.addEventListener('click', () => source.isShort && !this.isOpen && this.look(this.query, true))
    this.input.addEventListener('blur', () => this.leaveSoon())
    this.list.addEventListener('mousedown', (event) => event.preventDefault()) // the field keeps the focus
    this.list.addEventListener('click', (event) => {
      const option = event.target.closest('[role=option]')
      if (option) this.choose(this.found[[...this.list.children].indexOf(option)])
    })
    this.input.form.addEventListener('submit', (event) => this.guard(event), true)
  }

  name() {
    const described = [this.input.getAttribute('aria-describedby'), this.said.id].filter(Boolean).join(' ')
    const said = { role: 'combobox', 'aria-autocomplete': 'list', 'aria-expanded': 'false' }
    Object.assign(said, { 'aria-controls': this.list.id, 'aria-describedby': described })
    for (const [name, value] of Object.entries(said)) this.input.setAttribute(name, value)
    Object.assign(this.input, { autocomplete: 'off', spellcheck: false })
  }

  get isFocused() { return document.activeElement === this.input }

  get isOpen() { return !this.list.hidden }

  // what is looked for; a name that is chosen stands for the whole list
  get query() { return this.source.chosen ? '' : this.input.value.trim() }

  get isUndecided() { return !this.source.chosen && !this.source.hasFailed && this.input.value.trim() !== '' }

  write() {
    this.source.choose(null)
    clearTimeout(this.timer)
    if (!this.query) return this.close()
    this.timer = setTimeout(() => this.look(this.query), this.source.isShort ? 0 : WAIT_MS)
  }

  // `isQuiet`: the list is opened to be looked through, so how long it is need not be told
  async look(query, isQuiet = false) {
    clearTimeout(this.timer)
    const asked = ++this.asked
    const { items, hasMore } = await this.source.find(query)
    if (asked !== this.asked) return
    Object.assign(this, { found: items, foundFor: query })
    if (!this.isFocused) return
    this.list.replaceChildren(...items.map((item, index) => this.option(item, index)))
    this.list.hidden = items.length === 0
    this.input.setAttribute('aria-expanded', String(this.isOpen))
    this.mark(-1)
    if (!items.length) this.say(this.source.hasFailed ? '' : this.words.none.replace('{}', query), true)
    else if (hasMore && !isQuiet) this.say(this.words.more, true)
    else this.say(this.words.found.replace('{}', items.length))
  }

  option(item, index) {
    const option = made('li', 'lookup__option', { id: `${this.input.id}-option-${index}`, role: 'option' })
    option.textContent = item.name
    option.setAttribute('aria-selected', 'false')
    return option
  }

  mark(place) {
    this.list.children[this.place]?.setAttribute('aria-selected', 'false')
    this.place = place
    const option = this.list.children[place]
    if (!option) return this.input.removeAttribute('aria-activedescendant')
    option.setAttribute('aria-selected', 'true')
    option.scrollIntoView({ block: 'nearest' })
    this.input.setAttribute('aria-activedescendant', option.id)
  }

  async press(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step && !event.ctrlKey && !event.metaKey) {
      event.preventDefault()
      if (!this.isOpen && (this.query || this.source.isShort)) await this.look(this.query, true)
      const count = this.found.length
      if (this.isOpen) this.mark(this.place < 0 && step < 0 ? count - 1 : (this.place + step + count) % count)
    } else if (event.key === 'Enter' && this.isOpen && this.place >= 0) {
      event.preventDefault()
      this.choose(this.found[this.place])
    } else if (event.key === 'Escape' && this.isOpen) {
      event.preventDefault()
      this.close()
    }
  }

  choose(item) {
    this.input.value = item.name
    this.source.choose(item)
    this.close()
  }

  close() {
    clearTimeout(this.timer)
    this.asked += 1
    this.list.hidden = true
    this.list.replaceChildren()
    Object.assign(this, { found: [], foundFor: null })
    this.mark(-1)
    this.input.setAttribute('aria-expanded', 'false')
    this.say('')
  }

  // what lies below the list moves when it closes: not under a finger that is pressing it
  leaveSoon() {
    if (!isPressed) return this.leave()
    const leave = () => setTimeout(() => this.leave())
    for (const end of ['pointerup', 'pointercancel']) addEventListener(end, leave, { once: true })
  }

  async leave() {
    if (this.isFocused) return
    await this.catchUp()
    if (this.isFocused || this.decide()) return
    this.close()
    if (this.isUndecided) this.say(this.words.choose, true)
  }

  // people write faster than answers come
  async catchUp() {
    if (this.isUndecided && this.foundFor !== this.query) await this.look(this.query)
  }

  // the only thing that fits is meant
  decide() {
    if (!this.isUndecided || this.foundFor !== this.query || this.found.length !== 1) return false
    this.choose(this.found[0])
    return true
  }

  // what was written is not sent as if nothing had been; buttons that do something else, such as "Back", go on
  guard(event) {
    if (event.submitter?.name || this.input.closest('[hidden], :disabled')) return
    if (this.decide() || !this.isUndecided) return
    event.preventDefault()
    event.stopImmediatePropagation()
    this.send(event.submitter)
  }

  async send(button) {
    this.input.focus()
    await this.catchUp()
    if (this.decide() || !this.isUndecided) this.input.form.requestSubmit(button)
    else this.say(this.words.choose, true)
  }

  say(words, isShown = false) {
    this.said.className = isShown ? 'govuk-body lookup__said' : 'govuk-visually-hidden'
    if (this.said.textContent !== words) this.said.textContent = words
  }
}

function made(tag, classes, properties) {
  const element = document.createElement(tag)
  element.className = classes
  for (const [name, value] of Object.entries(properties)) name === 'role' ? element.setAttribute(name, value) : (element[name] = value)
  return element
}
