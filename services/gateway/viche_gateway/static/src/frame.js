// Inside the page of a partner: tells that page how high this one is, and that an answer was taken. Nothing else.
const SCHEMA = 1
const root = document.documentElement
const around = root.dataset.origin
let told = 0

// to that origin alone: a page at another one that has got hold of this frame hears nothing
const tell = (message) => parent.postMessage({ viche: SCHEMA, ...message }, around)

function tellHeight() {
  const height = Math.ceil(document.body.getBoundingClientRect().height)
  if (height === told) return
  told = height
  tell({ type: 'height', height })
}

if (around && parent !== window) {
  new ResizeObserver(tellHeight).observe(document.body)
  // the page around asks when it was not listening yet
  addEventListener('message', (event) => {
    if (event.source !== parent || event.origin !== around || event.data?.viche !== SCHEMA) return
    if (event.data.type !== 'ask') return
    told = 0
    tellHeight()
  })
  if ('answered' in root.dataset) tell({ type: 'answered' })
}
