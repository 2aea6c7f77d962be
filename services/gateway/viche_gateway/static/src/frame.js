// Inside the page of a partner: tells that page how high this one is, and that an answer was taken. Nothing else.
const SCHEMA = 1
const root = document.documentElement
const around = root.dataset.origin
let told = 0

// to that origin alone: a page at another one that has got hold of this frame hears nothing
const tell = (message) => parent.postMessage({ viche: SCHEMA, ...message }, around)

function tellHeight() {
  const height = Math.ceil(document.body.getBoundingClientRect().height)
  if (height === told || height === 0) return
  told = height
  tell({ type: 'height', height })
}

// the page around asks when it has heard nothing
function answer({ origin, source, data }) {
  if (origin !== around || source !== parent || data?.viche !== SCHEMA || data.type !== 'ask') return
  told = 0
  tellHeight()
}

if (around && parent !== window) {
  addEventListener('message', answer)
  // browsers measure nothing by themselves in a frame that is not in view yet
  tellHeight()
  addEventListener('load', tellHeight)
  new ResizeObserver(tellHeight).observe(document.body)
  if ('answered' in root.dataset) tell({ type: 'answered' })
}
