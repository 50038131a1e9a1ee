import type { EventContent } from '../canonical'

// Of canonical JSON, what needs no unescaping: a text stands for itself.
const TEXT = String.raw`"[^"\\\x00-\x1f]*"`
const WHOLE = String.raw`(?:0|-?[1-9]\d{0,15})`
const MEMBER = `${TEXT}:(?:${TEXT}|${WHOLE}|true|false)`
const text = String.raw`"([^"\\\x00-\x1f]*)"`
const whole = `(${WHOLE})`

/** An event as RFC 8785 orders its members; its groups are `Groups`. */
const EVENT = new RegExp(
  [
    `^{"action":${text},"actor":{"id":${text},"type":${text}},"at":${whole},`,
    `(?:"data":{${MEMBER}(?:,${MEMBER})*},)?`,
    `"id":${text},"meta":{"category":${text},(?:"ext":${text},)?"outcome":${text},"severity":${text},"source":${text}},`,
    String.raw`(?:"pd":${text},)?"recv":${whole},(?:"refs":\[${text}(?:,${text})?\],)?`,
    `"resource":{"id":${text},"type":${text}},"scope":${text},"v":1}$`,
  ].join(''),
)

type Groups = [
  ...[all: string, action: string, actorId: string, actorType: string, at: string],
  ...[id: string, category: string, ext: string | undefined, outcome: string, severity: string, source: string],
  ...[pd: string | undefined, recv: string, ref: string | undefined, secondRef: string | undefined],
  ...[resourceId: string, resourceType: string, scope: string],
]

/** An event without its data. */
export type EventFields = Omit<EventContent, 'data'>

/** The latest moment that a date can be, and the earliest on the other side of 1970. */
const LAST_MS = 8.64e15

/**
 * The fields of an event; null when its text is none: whoever owns the file can insert any text. Most events are read by one expression,
 * in a third of the time that JSON.parse takes; those with an escape, or with other members, are parsed.
 */
export function fieldsOf(content: string): EventFields | null {
  const found = EVENT.exec(content) as unknown as Groups | null
  const event = found === null ? parsed(content) : fieldsIn(found)
  return event !== null && Math.abs(event.recv) <= LAST_MS ? event : null
}

function fieldsIn(found: Groups): EventFields {
  const refs = found[13] === undefined ? undefined : found[14] === undefined ? [found[13]] : [found[13], found[14]]
  return {
    v: 1,
    id: found[5],
    action: found[1],
    actor: { id: found[2], type: found[3] },
    at: Number(found[4]),
    recv: Number(found[12]),
    resource: { id: found[15], type: found[16] },
    meta: { category: found[6], outcome: found[8], severity: found[9], source: found[10], ext: found[7] },
    scope: found[17],
    refs,
    pd: found[11],
  }
}

function parsed(content: string): EventFields | null {
  try {
    const value: unknown = JSON.parse(content)
    return isEvent(value) ? value : null
  } catch {
    return null
  }
}

/** Whether a value has what is read of an event; whether it says the truth is for others to tell. */
function isEvent(value: unknown): value is EventFields {
  if (!isObject(value)) return false
  const { actor, resource, meta, refs, recv } = value
  if (!isObject(actor) || typeof actor.id !== 'string' || !isObject(resource) || !isObject(meta)) return false
  return (refs === undefined || Array.isArray(refs)) && typeof recv === 'number'
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null
