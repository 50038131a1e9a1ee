import { Readable } from 'node:stream'
import { type H3Event, setResponseHeader, setResponseStatus } from 'h3'

/**
 * Answers with JSON text that a service has made of a value of type T, or with 304 when the caller has it already (RFC 9110 §13.1.2).
 * The one cast: h3 sends the text as it is, so that the caller gets a T.
 */
export function sendPrepared<T>(event: H3Event, answer: { json: string; etag: string }): T {
  setResponseHeader(event, 'etag', answer.etag)
  setResponseHeader(event, 'cache-control', 'private, no-cache')
  if (matches(event.node.req.headers['if-none-match'], answer.etag)) {
    setResponseStatus(event, 304)
    return '' as T
  }
  setResponseHeader(event, 'content-type', 'application/json')
  return answer.json as T
}

function matches(given: string | undefined, etag: string): boolean {
  return (given ?? '').split(',').some((one) => one.trim().replace(/^W\//, '') === etag || one.trim() === '*')
}

interface Download {
  contentType: string
  fileName: string
  pieces: AsyncIterable<string>
}

/** Sends a file in pieces as they are made, no faster than the caller takes them. The cast as above: h3 sends the stream as it is. */
export function sendPieces<T>(event: H3Event, { contentType, fileName, pieces }: Download): T {
  setResponseHeader(event, 'content-type', contentType)
  setResponseHeader(event, 'content-disposition', `attachment; filename="${fileName}"`)
  const stream = Readable.from(pieces, { objectMode: false })
  const { res } = event.node
  // h3 does neither: whoever goes away ends the work for them, and a file that breaks off does not look like a whole one.
  res.once('close', () => stream.destroy())
  stream.once('error', () => res.destroy())
  return stream as T
}
