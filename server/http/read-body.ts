import type { IncomingMessage } from 'node:http'
import type { H3Event } from 'h3'
import { ServiceError } from '#shared/errors'

const BODY_LIMIT_BYTES = 1024 * 1024

/**
 * The body as text, read once however often it is asked for. Never more than the limit is held, whatever length was announced or not.
 * @throws ServiceError PAYLOAD_TOO_LARGE, BAD_REQUEST when the caller leaves before the end
 */
export function readBodyText(event: H3Event, limitBytes = BODY_LIMIT_BYTES): Promise<string> {
  return (event.context.bodyText ??= collectText(event.node.req, limitBytes))
}

function collectText(req: IncomingMessage, limitBytes: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const tooLarge = () => reject(new ServiceError('PAYLOAD_TOO_LARGE', `The body may hold ${limitBytes} bytes`))
    if (Number(req.headers['content-length'] ?? 0) > limitBytes) return tooLarge()
    const chunks: Buffer[] = []
    let bytes = 0
    req.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes <= limitBytes) return void chunks.push(chunk)
      // Answered at once; what still comes is dropped as it comes.
      chunks.length = 0
      tooLarge()
    })
    req.once('end', () => resolve(Buffer.concat(chunks).toString('utf8')))
    req.once('error', () => reject(new ServiceError('BAD_REQUEST', 'The body broke off')))
  })
}

declare module 'h3' {
  interface H3EventContext {
    bodyText?: Promise<string>
  }
}
