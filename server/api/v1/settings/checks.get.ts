import { defineApiHandler } from '#server/http/define-api-handler'
import { checkSettings } from '#server/services/checks'
import { CheckSettings } from '#shared/schemas/extended'

export default defineApiHandler({
  summary: 'The extended checks: what each looks at, how often, and whether it is on',
  permission: 'settings.read',
  response: CheckSettings,
  handler: (ctx) => checkSettings(ctx),
})
