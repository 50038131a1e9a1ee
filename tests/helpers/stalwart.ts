import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Context } from '#server/platform/context'
import { auditPage } from '#server/services/audit'
import { AuditQuery } from '#shared/schemas/audit-filter'

/** The key that the recorded bodies were signed with. */
export const STALWART_KEY = 'nordwind-webhook-key-ä'
export const WEBHOOK = '/ingest/stalwart/webhook'

const file = (name: string) => readFileSync(join(import.meta.dirname, '..', 'fixtures', 'stalwart', name))

/** A recorded body, byte for byte, and its recorded signature. */
export function recordedBatch(name: string): { body: Buffer; signature: string } {
  const { signatures } = JSON.parse(file('signatures.json').toString()) as { signatures: Record<string, string> }
  return { body: file(`webhook-${name}.json`), signature: signatures[`stalwart-webhook-${name}.json`]! }
}

export function signed(body: string | Buffer, key = STALWART_KEY): { body: Buffer; signature: string } {
  const bytes = Buffer.from(body)
  return { body: bytes, signature: createHmac('sha256', key).update(bytes).digest('base64') }
}

/** Everything that the log holds of a source, oldest first, as the API tells it. */
export async function eventsOf(ctx: Context, source: string) {
  const { events } = await auditPage(ctx, AuditQuery.parse({ source, limit: 500 }))
  return events.sort((a, b) => a.seq - b.seq)
}
