import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { ServiceError } from '#shared/errors'
import type { Context } from '#server/platform/context'
import { perDatabase } from '#server/platform/process'
import { BodyRoom } from './body-room'
import { signatureCheck } from './signature'

/** A body as it comes over the wire. */
export interface IncomingBody {
  /** What the header says: base64 of HMAC-SHA-256. */
  signature: string | undefined
  /** What the sender announced, bytes. */
  length: number | undefined
  chunks: AsyncIterable<Uint8Array>
}

export const BODY_LIMIT_BYTES = 32 * 1024 * 1024
/** Bodies that are read at the same time hold no more memory than this. */
const ROOM_BYTES = 3 * BODY_LIMIT_BYTES
/** Wrong signatures of an address in a minute, after which it is told to stay away. */
const WRONG_A_MINUTE = 30
/** Base64 with padding of 32 bytes: what cannot be a signature need not be read on for. */
const SIGNATURE = /^[A-Za-z0-9+/]{43}=$/

const gateOf = perDatabase(() => ({
  room: new BodyRoom(ROOM_BYTES, BODY_LIMIT_BYTES),
  wrong: new RateLimiterMemory({ points: WRONG_A_MINUTE, duration: 60 }),
}))

/**
 * The whole body, when it is signed with one of the secrets. It is hashed while it is read and never held beyond the limit. Only a wrong
 * signature counts against its address: a right one is read and accepted however many wrong ones came from there before.
 * @throws ServiceError UNAUTHENTICATED or RATE_LIMIT for a wrong signature, PAYLOAD_TOO_LARGE, BAD_REQUEST when the sender left before the end
 */
export async function readSigned(ctx: Context, secrets: readonly string[], body: IncomingBody): Promise<Buffer> {
  const { signature, length = BODY_LIMIT_BYTES } = body
  if (signature === undefined || !SIGNATURE.test(signature)) throw await wrong(ctx)
  if (length > BODY_LIMIT_BYTES) throw tooLarge()
  const leave = await gateOf(ctx).room.enter(ctx.actor.ip ?? '', length)
  try {
    const check = signatureCheck(secrets)
    const bytes = await collect(body.chunks, (chunk) => check.update(chunk))
    if (!check.matches(signature)) throw await wrong(ctx)
    gateOf(ctx).room.believe(ctx.actor.ip ?? '')
    return bytes
  } finally {
    leave()
  }
}

async function collect(chunks: IncomingBody['chunks'], see: (chunk: Uint8Array) => void): Promise<Buffer> {
  const held: Uint8Array[] = []
  let length = 0
  try {
    for await (const chunk of chunks) {
      length += chunk.length
      if (length > BODY_LIMIT_BYTES) throw tooLarge()
      see(chunk)
      held.push(chunk)
    }
  } catch (cause) {
    if (cause instanceof ServiceError) throw cause
    throw new ServiceError('BAD_REQUEST', 'The body broke off', { cause })
  }
  return Buffer.concat(held, length)
}

async function wrong(ctx: Context): Promise<ServiceError> {
  try {
    await gateOf(ctx).wrong.consume(ctx.actor.ip ?? '')
    return new ServiceError('UNAUTHENTICATED', 'The signature is not accepted')
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal
    const retryAfterMs = refusal.msBeforeNext
    return new ServiceError('RATE_LIMIT', 'Too many wrong signatures from this address', { retryAfterMs })
  }
}

const tooLarge = () => new ServiceError('PAYLOAD_TOO_LARGE', `The body may hold ${BODY_LIMIT_BYTES} bytes`)
