import { defineApiHandler } from '#server/http/define-api-handler'
import { Me } from '#shared/schemas/access'
import packageJson from '../../../package.json'

export default defineApiHandler({
  summary: 'Who is signed in',
  permission: 'session.read',
  response: Me,
  handler: async ({ actor, config }) => ({
    id: actor.id,
    name: actor.name ?? null,
    email: actor.email ?? null,
    role: actor.role,
    demo: config.demoFile !== null,
    version: packageJson.version,
  }),
})
