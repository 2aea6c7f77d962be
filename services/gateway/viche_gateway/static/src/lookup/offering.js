// Loads the script of long lists on pages that have one. Where it does not come, what it would make easier still works.
export function offerLookups(page) {
  for (const element of page.querySelectorAll('[data-lookup]')) {
    const address = element.dataset.lookup
    delete element.dataset.lookup
    import(address).then(({ default: lookUp }) => lookUp(element), () => {})
  }
}
