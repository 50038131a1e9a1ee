import { Readable } from 'node:stream'
import { type H3Event, setResponseHeader, setResponseStatus } from 'h3'

/** JSON of one value in both forms, and what names its content. */
interface Prepared {
  json: Buffer
  gzip: Buffer
  /** Weak. */
  etag: string
}

/**
 * Answers with JSON that a service has made of a value of type T, packed for who can unpack it, or with 304 when the caller has it
 * already (RFC 9110 §13.1.2). The one cast: h3 sends the bytes as they are, so that the caller gets a T.
 */
export function sendPrepared<T>(event: H3Event, { json, gzip, etag }: Prepared): T {
  const { headers } = event.node.req
  setResponseHeader(event, 'etag', etag)
  setResponseHeader(event, 'cache-control', 'private, no-cache')
  setResponseHeader(event, 'vary', 'accept-encoding')
  if (matches(headers['if-none-match'], etag)) {
    setResponseStatus(event, 304)
    return '' as T
  }
  setResponseHeader(event, 'content-type', 'application/json')
  if (!acceptsGzip(headers['accept-encoding'])) return json as T
  setResponseHeader(event, 'content-encoding', 'gzip')
  return gzip as T
}

/** The weak comparison: whoever has a strong etag of the same name has the same content. */
function matches(given: string | undefined, etag: string): boolean {
  const named = (one: string) => one.replace(/^W\//, '')
  return listed(given).some((one) => one === '*' || named(one) === named(etag))
}

/** With a weight, if any, of three decimals at most and not 0 (RFC 9110 §12.4.2). */
const GZIP = /^(x-)?gzip\s*(;\s*q\s*=\s*(1(\.0{0,3})?|0\.(?!0+$)\d{1,3}))?$/i

/** Said by name (RFC 9110 §12.5.3). */
function acceptsGzip(given: string | string[] | undefined): boolean {
  return listed(String(given ?? '')).some((one) => GZIP.test(one))
}

const listed = (header: string | undefined) => (header ?? '').split(',').map((one) => one.trim())

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
