// Comforts for forms: counts of characters, focus on the summary of faults, one press is one request.
import { Button } from '../../../node_modules/govuk-frontend/dist/govuk/components/button/button.mjs'
import { CharacterCount } from '../../../node_modules/govuk-frontend/dist/govuk/components/character-count/character-count.mjs'
import { ErrorSummary } from '../../../node_modules/govuk-frontend/dist/govuk/components/error-summary/error-summary.mjs'
import { offerLookups } from './lookup/offering.js'

document.body.classList.add('js-enabled', 'govuk-frontend-supported')
for (const [Component, name] of [[Button, 'button'], [CharacterCount, 'character-count'], [ErrorSummary, 'error-summary']]) {
  for (const element of document.querySelectorAll(`[data-module="govuk-${name}"]`)) new Component(element)
}
offerLookups(document)
