import { defineApiHandler } from '#server/http/define-api-handler'
import { updateCheckSettings } from '#server/services/checks'
import { CheckSettings, CheckSettingsPatch } from '#shared/schemas/extended'

export default defineApiHandler({
  summary: 'Switch extended checks on or off',
  permission: 'settings.write',
  body: CheckSettingsPatch,
  response: CheckSettings,
  handler: (ctx, { body }) => updateCheckSettings(ctx, body),
})
