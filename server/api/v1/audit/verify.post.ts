import { defineApiHandler } from '#server/http/define-api-handler'
import { startVerification } from '#server/services/audit'
import { Verification } from '#shared/schemas/audit'

export default defineApiHandler({
  summary: 'Reads the whole audit log again, on threads of its own; joins the verification that is under way',
  permission: 'audit.verify',
  response: Verification,
  status: 202,
  handler: (ctx) => Promise.resolve(startVerification(ctx)),
})
