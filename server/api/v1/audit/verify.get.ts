import { defineApiHandler } from '#server/http/define-api-handler'
import { verification } from '#server/services/audit'
import { Verification } from '#shared/schemas/audit'

export default defineApiHandler({
  summary: 'How far the verification of the audit log is, and what the last one of this process found',
  permission: 'audit.verify',
  response: Verification,
  handler: (ctx) => Promise.resolve(verification(ctx)),
})
