import type { H3Event } from 'h3'
import type { Incoming } from '#server/services/ingest'

/** Who has not sent a body of the limit by then will not. */
const DEADLINE_MS = 60_000

/** A request for who checks its body while it comes; nothing of it is read before. What is left unread is dropped as it comes. */
export function incomingBody({ node: { req, res } }: H3Event): Incoming {
  const deadline = setTimeout(() => req.destroy(), DEADLINE_MS)
  res.once('close', () => clearTimeout(deadline))
  req.once('end', () => clearTimeout(deadline))
  const { 'content-type': contentType = '', 'x-signature': signature, 'content-length': length } = req.headers
  return {
    contentType,
    signature: [signature].flat()[0],
    length: length === undefined ? undefined : Number(length),
    // Ending the loop early must not close the connection: its answer is still to come.
    chunks: req.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>,
  }
}
