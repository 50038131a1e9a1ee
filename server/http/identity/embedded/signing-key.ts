import { generateKeyPair, randomUUID } from 'node:crypto'
import { promisify } from 'node:util'
import type { Jwk } from 'oidc-provider'
import { transaction } from '#drizzle/transaction'
import type { Context } from '#server/platform/context'
import { SIGNING_KEY_MODEL } from '#server/services/access'
import { addRecord, recordById } from './store'

const ID = 'current'
const PURPOSE = 'oidc-signing-key'

/** The provider's RS256 key, private half included: made once, kept sealed in the database. */
export async function signingKey(ctx: Context): Promise<Jwk> {
  const known = await recordById(ctx.db, SIGNING_KEY_MODEL, ID)
  if (known) return JSON.parse(ctx.secrets.open(PURPOSE, known.payload)) as Jwk
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 })
  const jwk: Jwk = { ...privateKey.export({ format: 'jwk' }), kid: randomUUID(), use: 'sig', alg: 'RS256' }
  const payload = ctx.secrets.seal(PURPOSE, JSON.stringify(jwk))
  const record = { model: SIGNING_KEY_MODEL, id: ID, payload, grantId: null, uid: null, expiresAt: null }
  const added = await transaction(ctx, (inside) => addRecord(inside.tx, record))
  // Another process was first: its key is the one.
  return added ? jwk : signingKey(ctx)
}
