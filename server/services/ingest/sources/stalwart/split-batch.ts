import { ServiceError } from '#shared/errors'

const [QUOTE, BACKSLASH, OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET, COMMA] = Buffer.from('"\\{}[],')
const HEAD = /^[ \t\r\n]*\{[ \t\r\n]*"events"[ \t\r\n]*:[ \t\r\n]*\[/
const TAIL = /^[ \t\r\n]*\}[ \t\r\n]*$/
/** More around the events than this is not what Stalwart sends. */
const AROUND_BYTES = 1024
/** Looked at in one turn of the event loop: a millisecond. */
const TURN_BYTES = 256 * 1024

/** More than a body can hold of events, of which none is shorter than 67 bytes; what stands between commas need not be one. */
const MOST_EVENTS = 500_000

/** Where an event's text stands in the body. */
export interface Span {
  start: number
  end: number
  /** How many values, lists and objects it is made of, about: that, and not its length, is what reading it takes. */
  values: number
}

/**
 * Where the events of `{"events":[…]}` stand, without reading what is in them: a body of 32 MiB parsed in one piece would hold the
 * process for seconds. Yields now and then, so that the caller may let others through.
 * @throws ServiceError BAD_REQUEST when the body is not of that form
 */
export function* splitBatch(body: Buffer): Generator<void, Span[]> {
  const head = HEAD.exec(body.toString('latin1', 0, AROUND_BYTES))?.[0]
  if (head === undefined) throw notABatch()
  const spans: Span[] = []
  let [depth, start, values, inString] = [0, head.length, 0, false]
  for (let at = start, turn = at + TURN_BYTES; at < body.length; at++) {
    if (at >= turn) {
      turn = at + TURN_BYTES
      yield
    }
    const byte = body[at]
    if (inString) {
      if (byte === BACKSLASH) at++
      else inString = byte !== QUOTE
    } else if (byte === QUOTE) inString = true
    else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      depth++
      values++
    } else if (byte === COMMA && depth > 0) values++
    else if (byte === COMMA) {
      if (spans.length >= MOST_EVENTS) throw notABatch()
      spans.push({ start, end: at, values })
      start = at + 1
      values = 0
    } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      if (depth-- > 0) continue
      if (byte !== CLOSE_BRACKET || !endsWell(body, at + 1)) throw notABatch()
      return spans.length === 0 && isBlank(body, start, at) ? [] : [...spans, { start, end: at, values }]
    }
  }
  throw notABatch()
}

const endsWell = (body: Buffer, from: number) =>
  body.length - from <= AROUND_BYTES && TAIL.test(body.toString('latin1', from, body.length))

const isBlank = (body: Buffer, from: number, to: number) =>
  to - from <= AROUND_BYTES && body.toString('latin1', from, to).trim() === ''

const notABatch = () => new ServiceError('BAD_REQUEST', 'The body is not {"events": […]}')
