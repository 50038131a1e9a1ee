import type { H3Event } from 'h3'

/** Who has not sent a body of the limit by then will not. */
const DEADLINE_MS = 60_000

/** Ends the connection of a body that does not come to its end. */
export function endLate({ node: { req, res } }: H3Event): void {
  const deadline = setTimeout(() => req.destroy(), DEADLINE_MS)
  res.once('close', () => clearTimeout(deadline))
  req.once('end', () => clearTimeout(deadline))
}

/** A body for who checks it while it comes; nothing of it is read before. What is left unread is dropped as it comes. */
export function incomingBody(event: H3Event): {
  signature: string | undefined
  length: number | undefined
  chunks: AsyncIterable<Uint8Array>
} {
  const { req } = event.node
  const { 'x-signature': signature, 'content-length': length } = req.headers
  endLate(event)
  return {
    signature: Array.isArray(signature) ? signature[0] : signature,
    length: length === undefined ? undefined : Number(length),
    // Ending the loop early must not close the connection: its answer is still to come.
    chunks: req.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>,
  }
}
