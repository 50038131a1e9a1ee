import type { Adapter, AdapterPayload } from 'oidc-provider'
import { transaction } from '#drizzle/transaction'
import type { Context } from '#server/platform/context'
import { deleteGrant, deleteRecord, type OidcRecord, putRecord, recordById, recordByUid } from './store'

const PURPOSE = 'oidc-record'

/**
 * The provider's storage on `oidc_records`. An id is often the token itself, so ids are kept as keyed tags and payloads sealed:
 * whoever reads the file can use nothing of it.
 */
export function createAdapter(ctx: Context): new (model: string) => Adapter {
  const tag = (value: string | undefined) => (value === undefined ? null : ctx.secrets.tag(PURPOSE, value))
  const open = (row: OidcRecord | undefined): AdapterPayload | undefined =>
    row && (row.expiresAt === null || row.expiresAt > ctx.now())
      ? (JSON.parse(ctx.secrets.open(PURPOSE, row.payload)) as AdapterPayload)
      : undefined
  const seal = (payload: AdapterPayload) => ctx.secrets.seal(PURPOSE, JSON.stringify(payload))

  return class DatabaseAdapter implements Adapter {
    constructor(private readonly model: string) {}

    async upsert(id: string, payload: AdapterPayload, expiresInSec?: number): Promise<void> {
      const now = ctx.now()
      const record = {
        model: this.model,
        id: tag(id)!,
        payload: seal(payload),
        grantId: tag(payload.grantId),
        uid: tag(payload.uid),
        expiresAt: expiresInSec ? now + expiresInSec * 1000 : null,
      }
      await transaction(ctx, (inside) => putRecord(inside.tx, record, now))
    }

    async find(id: string): Promise<AdapterPayload | undefined> {
      return open(await recordById(ctx.db, this.model, tag(id)!))
    }

    async findByUid(uid: string): Promise<AdapterPayload | undefined> {
      return open(await recordByUid(ctx.db, this.model, tag(uid)!))
    }

    /** Only the device flow asks, and it is off. */
    async findByUserCode(): Promise<undefined> {
      return undefined
    }

    async consume(id: string): Promise<void> {
      await transaction(ctx, async (inside) => {
        const row = await recordById(inside.tx, this.model, tag(id)!)
        const payload = open(row)
        if (!row || !payload) return
        const consumed = { ...payload, consumed: Math.floor(ctx.now() / 1000) }
        await putRecord(inside.tx, { ...row, payload: seal(consumed) }, ctx.now())
      })
    }

    async destroy(id: string): Promise<void> {
      await transaction(ctx, (inside) => deleteRecord(inside.tx, this.model, tag(id)!))
    }

    async revokeByGrantId(grantId: string): Promise<void> {
      await transaction(ctx, (inside) => deleteGrant(inside.tx, tag(grantId)!))
    }
  }
}
