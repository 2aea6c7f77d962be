// Where a combobox finds its items, and where what is chosen stands so that the form sends it.
import { folded, matching } from './matching.js'

const MOST_SHOWN = 100
const PATIENCE_MS = 5000

// a select stays in the form, out of sight; its label and its faults are the field's from here on
export function fromSelect(select) {
  const every = [...select.options].filter((option) => option.value)
    .map((option) => ({ code: option.value, name: option.text, folded: folded(option.text) }))
  const empty = [...select.options].find((option) => !option.value)
  const input = document.createElement('input')
  Object.assign(input, { type: 'text', id: select.id, className: 'govuk-input lookup__input' })
  input.placeholder = empty?.text ?? ''
  input.classList.toggle('govuk-input--error', select.classList.contains('govuk-select--error'))
  if (select.hasAttribute('aria-describedby')) input.setAttribute('aria-describedby', select.getAttribute('aria-describedby'))
  input.value = select.value ? select.selectedOptions[0].text : ''
  const label = select.labels[0]?.textContent.trim() ?? ''
  select.id += '-source'
  select.hidden = true
  select.before(input)
  return {
    input,
    label,
    isShort: true,
    get chosen() { return select.value },
    choose: (item) => put(select, item?.code ?? ''),
    find: async (query) => {
      const found = matching(every, query)
      return { items: found.slice(0, MOST_SHOWN), hasMore: found.length > MOST_SHOWN }
    }
  }
}

// places among thousands are asked of the server; a list that it has found already, and of which none is chosen, stays
export function fromSearch(box) {
  const radios = [...box.querySelectorAll('input[type=radio]')]
  const chosen = radios.find((radio) => radio.checked)
  if (radios.length && !chosen) return null
  const input = box.querySelector('input[type=text]')
  const sought = box.querySelector('input[type=hidden]')
  const button = box.querySelector('button')
  const holder = document.createElement('input')
  Object.assign(holder, { type: 'text', name: box.dataset.field, value: chosen?.value ?? '', hidden: true })
  if (chosen) input.value = sought.value = chosen.labels[0].textContent.trim()
  box.querySelector('[data-found]')?.remove()
  input.labels[0].htmlFor = input.id = box.dataset.id
  input.after(holder)
  button.hidden = true
  return {
    input,
    label: input.labels[0].textContent.trim(),
    hasFailed: false,
    get chosen() { return holder.value },
    choose(item) {
      if (item) sought.value = item.name
      put(holder, item?.code ?? '')
    },
    async find(query) {
      try {
        const signal = AbortSignal.timeout?.(PATIENCE_MS) // whoever presses "Continue" waits for it
        const where = `${box.dataset.places}&${new URLSearchParams({ part: query })}`
        const answer = await fetch(where, { credentials: 'omit', signal })
        const { places, has_more: hasMore } = await answer.json()
        return { items: places.map(([code, name]) => ({ code, name })), hasMore }
      } catch {
        this.hasFailed = true // from here on the server's own step is the way
        button.hidden = false
        return { items: [], hasMore: false }
      }
    }
  }
}

function put(element, value) {
  if (element.value === value) return
  element.value = value
  for (const name of ['input', 'change']) element.dispatchEvent(new Event(name, { bubbles: true }))
}
