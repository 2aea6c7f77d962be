// <viche-survey id lang> and <viche-petition id lang>: a survey or a petition of the portal inside another page.
// Served as /embed.js. What stands in the tag, a plain link, is shown until the portal's page is there.
(() => {
  const SCHEMA = 1
  const MOST_HEIGHT = 50000
  const ASK_MS = 1000
  const GIVE_UP_MS = 5000
  const COLOURS = ['accent', 'ink', 'paper']
  const TITLES = {
    surveys: { en: 'Survey', uk: 'Опитування', bg: 'Анкета', ru: 'Опрос' },
    petitions: { en: 'Petition', uk: 'Петиція', bg: 'Петиция', ru: 'Петиция' },
  }
  const script = document.currentScript || document.querySelector('script[src$="/embed.js"]')
  const portal = new URL(script.src).origin

  // the values of custom properties as #rrggbb and pixels, whatever way they are written
  function theme(element, probe) {
    const said = getComputedStyle(element)
    const found = {}
    const measure = (property, name) => {
      const value = said.getPropertyValue(`--viche-${name}`).trim()
      probe.style[property] = ''
      probe.style[property] = value
      return probe.style[property] && getComputedStyle(probe)[property]
    }
    for (const name of COLOURS) {
      const parts = /^rgb\((\d+), (\d+), (\d+)\)$/.exec(measure('color', name))
      if (parts) found[name] = parts.slice(1).map((part) => (+part).toString(16).padStart(2, '0')).join('')
    }
    const size = parseFloat(measure('fontSize', 'font-size'))
    if (size) found.size = Math.round(size)
    return found
  }

  const isHeight = (height) => Number.isInteger(height) && height > 0 && height <= MOST_HEIGHT

  class Embed extends HTMLElement {
    static observedAttributes = ['id', 'lang']

    constructor() {
      super()
      this.link = document.createElement('slot')
      this.attachShadow({ mode: 'open' }).append(this.link)
    }

    connectedCallback() {
      addEventListener('message', this)
      this.load()
    }

    disconnectedCallback() {
      removeEventListener('message', this)
      this.clear()
    }

    attributeChangedCallback(name, before, after) {
      if (!this.isConnected || before === after || this.waits) return
      this.waits = true
      queueMicrotask(() => {
        this.waits = false
        if (this.isConnected) this.load()
      })
    }

    clear() {
      clearTimeout(this.timer)
      this.frame?.remove()
      this.frame = null
      this.loads = 0
      this.isReady = this.isAnswered = false
      this.link.style.display = ''
    }

    load() {
      this.clear()
      if (!/^[1-9]\d*$/.test(this.id)) return this.warn(`its id must be the number of one of the ${this.kind}`)
      const lang = this.closest('[lang]')?.lang || ''
      const frame = document.createElement('iframe')
      const titles = TITLES[this.kind]
      frame.title = titles[lang.split('-')[0]] || titles.en
      frame.loading = 'lazy'
      frame.referrerPolicy = 'no-referrer'
      // another origin than this page's, so that both of the first two do not undo the sandbox
      frame.sandbox = 'allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox'
      Object.assign(frame.style, {
        display: 'block', boxSizing: 'border-box', width: '100%', height: '1px', border: 0, visibility: 'hidden',
      })
      const query = new URLSearchParams({ origin: location.origin, lang, ...theme(this, this.link) })
      this.link.style.color = this.link.style.fontSize = ''
      frame.src = `${portal}/embed/${this.kind}/${this.id}?${query}`
      frame.addEventListener('load', () => this.loaded())
      this.frame = frame
      this.shadowRoot.append(frame)
    }

    loaded() {
      this.loads += 1
      // a further page inside begins at its top
      if (this.loads > 1 && this.getBoundingClientRect().top < 0) this.scrollIntoView()
      if (this.isReady || this.loads > 1) return
      this.timer = setTimeout(() => {
        this.frame.contentWindow.postMessage({ viche: SCHEMA, type: 'ask' }, portal)
        this.timer = setTimeout(() => this.refused(), GIVE_UP_MS)
      }, ASK_MS)
    }

    refused() {
      const address = this.frame.src
      this.clear()
      this.warn(`${portal} does not let ${location.origin} show it. ${address} says how to register.`)
    }

    handleEvent({ origin, source, data }) {
      if (origin !== portal || !this.frame || source !== this.frame.contentWindow || data?.viche !== SCHEMA) return
      if (data.type === 'height' && isHeight(data.height)) this.show(data.height)
      if (data.type === 'answered' && !this.isAnswered) {
        this.isAnswered = true
        this.tell('answered')
      }
    }

    show(height) {
      this.frame.style.height = `${height}px`
      if (this.isReady) return
      this.isReady = true
      clearTimeout(this.timer)
      this.frame.style.visibility = ''
      this.link.style.display = 'none'
      this.tell('ready')
    }

    tell(what) {
      this.dispatchEvent(new CustomEvent(`viche:${what}`, { bubbles: true, composed: true, detail: { id: this.id } }))
    }

    warn(why) {
      console.warn(`<${this.localName} id="${this.id}"> shows its link alone: ${why}`)
    }
  }

  for (const [tag, kind] of [['viche-survey', 'surveys'], ['viche-petition', 'petitions']]) {
    if (customElements.get(tag)) continue
    customElements.define(tag, class extends Embed {
      get kind() {
        return kind
      }
    })
  }
})()
