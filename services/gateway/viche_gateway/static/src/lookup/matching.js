// As the server finds by a part of a name (viche_gateway/portal/surveys/places.py).
export function matching(every, query) {
  const wanted = folded(query)
  const words = wanted.split(' ').filter(Boolean)
  const found = every.filter((item) => words.every((word) => item.folded.includes(word)))
  return found.sort((one, other) => other.folded.startsWith(wanted) - one.folded.startsWith(wanted))
}

// without case, and without the marks and apostrophes that people leave out or write in several ways
export const folded = (text) =>
  text.toLowerCase().normalize('NFKD').replace(/[\p{M}'’ʼ`]/gu, '').split(/[\s\-–(),]+/).filter(Boolean).join(' ')
