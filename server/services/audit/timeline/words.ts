import { ServiceError } from '#shared/errors'

/** The characters of a word, as the index has them (`tokenchars`); everything else parts words. */
const PARTS = /[^\p{L}\p{N}@._-]+/u

/**
 * Free text as a question to the search index: every word must be there; one that ends in `*` is how a word begins.
 * @throws ServiceError VALIDATION when there is no word in it, or only the beginning of too many
 */
export function matchOf(q: string): string {
  const words = q
    .normalize('NFC')
    .split(/\s+/)
    .flatMap((given) => {
      const parts = given.split(PARTS).filter((part) => /[\p{L}\p{N}]/u.test(part))
      const last = parts.pop()
      return last === undefined ? [] : [...parts.map(quoted), given.endsWith('*') ? beginning(last) : quoted(last)]
    })
  if (words.length === 0) throw refused('free text needs a letter or a digit')
  return words.join(' AND ')
}

/** The index has an id of such characters as one word; others it may have in parts. */
const ONE_WORD = /^[\w@.-]+$/

/** The question for events that hold all of these ids as words; null when none of them is a word of the index. */
export function matchOfIds(ids: readonly (string | undefined)[]): string | null {
  const words = ids.filter((id) => id !== undefined && ONE_WORD.test(id))
  return words.length === 0 ? null : words.map((word) => quoted(word!)).join(' AND ')
}

const quoted = (word: string) => `"${word}"`

function beginning(word: string): string {
  if (word.length < 3) throw refused('at least three characters before the *')
  return `"${word}"*`
}

const refused = (message: string) =>
  new ServiceError('VALIDATION', 'The free text cannot be searched', { issues: [{ path: 'query.q', message }] })
