/** `name=value` pairs of a DKIM key record or DMARC record, in their order. */
export interface TagList {
  tags: Map<string, string>
  /** The name of the first tag; the version has to be it. */
  first: string | null
  /** A tag given twice makes the whole list void (RFC 6376 §3.2). */
  duplicate: string | null
  /** A part without `=`. */
  broken: string | null
}

/** Reads a tag list (RFC 6376 §3.2); names keep their case, white space around names and values is dropped. */
export function parseTagList(text: string): TagList {
  const list: TagList = { tags: new Map(), first: null, duplicate: null, broken: null }
  for (const part of text
    .split(';')
    .map((piece) => piece.trim())
    .filter(Boolean)) {
    const equals = part.indexOf('=')
    if (equals < 1) {
      list.broken ??= part
      continue
    }
    const name = part.slice(0, equals).trim()
    if (list.tags.has(name)) list.duplicate ??= name
    list.first ??= name
    list.tags.set(name, part.slice(equals + 1).trim())
  }
  return list
}
