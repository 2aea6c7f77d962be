// Answering a survey without waiting for pages: shows what answers bring up, says at once what is missing, saves what
// is written. All of it works without this, too: the server does the same with the next page.
import { comfort } from './survey/comforts.js'
import { complain, faultsIn } from './survey/checking.js'
import { arrange } from './survey/showing.js'
import { keepAtTimes, send } from './survey/sending.js'

async function start() {
  comfort(document)
  const form = document.querySelector('form[data-survey]')
  if (!form) return
  let cel = null
  const look = () => cel && arrange(form, cel)
  form.addEventListener('input', look)
  form.addEventListener('change', look)
  form.addEventListener('submit', (event) => submit(event, form, () => cel))
  keepAtTimes(form)
  if (form.dataset.expressions) cel = await import(form.dataset.expressions)
  look()
}

function submit(event, form, cel) {
  event.preventDefault()
  if (form.dataset.isBusy) return
  const button = event.submitter
  const faults = button?.name ? [] : faultsIn(form, cel())
  if (faults.length) complain(form, faults)
  else send(form, button, start)
}

addEventListener('popstate', () => location.reload())
start()
