import { RateLimiterMemory } from 'rate-limiter-flexible'
import { ServiceError } from '#shared/errors'
import type { IngestId } from '#shared/schemas/ingest'
import type { Context } from '#server/platform/context'
import { perDatabase } from '#server/platform/process'
import { BodyRoom } from './body-room'
import type { Incoming } from './contract'
import { countAgainst } from './count-against'
import { noteWrongSignature } from './note-signature'
import { signatureCheck } from './signature'

/** The most that a body of any source may hold. */
export const LARGEST_BODY_BYTES = 32 * 1024 * 1024
/** Bodies that are read at the same time hold no more memory than this. */
const ROOM_BYTES = 3 * LARGEST_BODY_BYTES
/** Wrong signatures of an address in a minute, after which it is told to stay away. */
const WRONG_A_MINUTE = 30
/** Base64 with padding of 32 bytes: what cannot be a signature need not be read on for. */
const SIGNATURE = /^[A-Za-z0-9+/]{43}=$/

const gateOf = perDatabase(() => ({
  room: new BodyRoom(ROOM_BYTES, LARGEST_BODY_BYTES),
  wrong: new RateLimiterMemory({ points: WRONG_A_MINUTE, duration: 60 }),
}))

interface Expected {
  id: IngestId
  /** Any of them may have signed. */
  secrets: readonly string[]
  limitBytes: number
}

/**
 * The whole body, when it is signed with one of the secrets. It is hashed while it is read and never held beyond the limit. Only a wrong
 * signature counts against its address: a right one is read and accepted however many wrong ones came from there before.
 * @throws ServiceError UNAUTHENTICATED or RATE_LIMIT for a wrong signature, PAYLOAD_TOO_LARGE, BAD_REQUEST when the sender left before the end
 */
export async function readSigned(ctx: Context, expected: Expected, incoming: Incoming): Promise<Buffer> {
  const bytes = await signedBytes(ctx, expected, incoming)
  if (!bytes) throw await wrong(ctx, expected)
  gateOf(ctx).room.believe(ctx.actor.ip ?? '')
  return bytes
}

/** Null when none of the secrets signed them. */
async function signedBytes(ctx: Context, { secrets, limitBytes }: Expected, incoming: Incoming): Promise<Buffer | null> {
  const { signature } = incoming
  if (signature === undefined || !SIGNATURE.test(signature)) return null
  const check = signatureCheck(secrets)
  const bytes = await inRoom(ctx, incoming, limitBytes, () => collect(incoming, limitBytes, (chunk) => check.update(chunk)))
  return check.matches(signature) ? bytes : null
}

/** The whole body of who has shown otherwise that it may send. @throws ServiceError as `readSigned` does, but for signatures */
export function readTrusted(ctx: Context, limitBytes: number, incoming: Incoming): Promise<Buffer> {
  return inRoom(ctx, incoming, limitBytes, () => collect(incoming, limitBytes))
}

async function inRoom<T>(ctx: Context, { length }: Incoming, limitBytes: number, read: () => Promise<T>): Promise<T> {
  if (length !== undefined && length > limitBytes) throw tooLarge(limitBytes)
  const leave = await gateOf(ctx).room.enter(ctx.actor.ip ?? '', length ?? limitBytes)
  try {
    return await read()
  } finally {
    leave()
  }
}

async function collect({ chunks }: Incoming, limitBytes: number, see?: (chunk: Uint8Array) => void): Promise<Buffer> {
  const held: Uint8Array[] = []
  let length = 0
  try {
    for await (const chunk of chunks) {
      length += chunk.length
      if (length > limitBytes) throw tooLarge(limitBytes)
      see?.(chunk)
      held.push(chunk)
    }
  } catch (cause) {
    if (cause instanceof ServiceError) throw cause
    throw new ServiceError('BAD_REQUEST', 'The body broke off', { cause })
  }
  return Buffer.concat(held, length)
}

async function wrong(ctx: Context, { id, secrets }: Expected): Promise<ServiceError> {
  await countAgainst(gateOf(ctx).wrong, ctx, 1, 'Too many wrong signatures from this address')
  if (secrets.length > 0) await noteWrongSignature(ctx, id)
  return new ServiceError('UNAUTHENTICATED', 'The signature is not accepted')
}

const tooLarge = (limitBytes: number) => new ServiceError('PAYLOAD_TOO_LARGE', `The body may hold ${limitBytes} bytes`)
