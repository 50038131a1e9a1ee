import type { AuditLine } from './read-line'

/** A value of a line as text; undefined for what is missing, empty or no text. */
export function textOf(line: AuditLine, name: string): string | undefined {
  const value = line[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** An id of OCIS: opaque, and of a form that names of files and people have not. */
export function idOf(line: AuditLine, name: string): string | undefined {
  return asId(textOf(line, name))
}

const asId = (text: string | undefined) => (text !== undefined && /^[A-Za-z0-9_-]{1,128}$/.test(text) ? text : undefined)

/** `<provider>$<space>!<item>`, with the path of the file behind it where the reference has one: that is a name, and left out. */
export function fileOf(line: AuditLine): { fileId?: string; spaceId?: string } {
  const text = textOf(line, 'FileID')
  const whole = /^([\w-]{1,64})\$([\w-]{1,64})!([\w-]{1,64})(?:\/|$)/.exec(text ?? '')
  if (whole) return { fileId: `${whole[1]}$${whole[2]}!${whole[3]}`, spaceId: whole[2] }
  return { fileId: asId(text) }
}

/** `<provider>$<space>`. */
export function spaceOf(line: AuditLine): string | undefined {
  const text = textOf(line, 'SpaceID')
  return asId(/^[\w-]{1,64}\$([\w-]{1,64})$/.exec(text ?? '')?.[1] ?? text)
}

/** Milliseconds since 1970; undefined where OCIS says nothing, or the year 1, which is Go's way to say so. */
export function timeOf(line: AuditLine, name: string): number | undefined {
  const text = textOf(line, name)
  const ms = text === undefined || text.startsWith('0001-') ? NaN : Date.parse(text)
  return Number.isSafeInteger(ms) ? ms : undefined
}

/**
 * Who did it, where the sentence alone says so. It begins with `user '<id>' `; names behind it may hold quotes, ids may not.
 */
export function executantOf({ Message }: AuditLine): string | undefined {
  return /^user '([A-Za-z0-9_-]{1,128})' /.exec(Message)?.[1]
}
