import { z } from 'zod'

/** A reference to one of Authentik's own objects; `pk` is a hex text or a number. */
const Reference = z.object({
  pk: z.union([z.string(), z.number()]).nullish().catch(null),
  name: z.string().nullish().catch(null),
  model_name: z.string().nullish().catch(null),
})

const Person = z.object({
  pk: z.int().nullish().catch(null),
  username: z.string().nullish().catch(null),
  email: z.string().nullish().catch(null),
})
export type Person = z.infer<typeof Person>

const optional = <T extends z.ZodType>(schema: T) => schema.nullish().catch(null)
const Text = optional(z.string())

/** Free form in Authentik: whatever is not as expected counts as not there. */
const EventContext = z.looseObject({
  auth_method: Text,
  username: Text,
  scopes: Text,
  policy_uuid: Text,
  invitation_uuid: Text,
  new_version: Text,
  affected_user: Text,
  created: optional(z.boolean()),
  diff: optional(z.record(z.string(), z.unknown())),
  stage: optional(Reference),
  outpost: optional(Reference),
  model: optional(Reference),
  authorized_application: optional(Reference),
  geo: optional(z.object({ city: Text, country: Text })),
  http_request: optional(z.object({ method: Text, user_agent: Text, request_id: Text })),
})

/** What its schema requires, and of the rest what is recorded (Authentik 2026.2, `Event`). The set of actions is open. */
export const AuthentikEvent = z.object({
  pk: z.string().min(1).max(100),
  action: z.string().min(1),
  app: z.string().catch(''),
  created: z.iso.datetime({ offset: true }),
  client_ip: Text,
  user: optional(Person.extend({ on_behalf_of: optional(Person), authenticated_as: optional(Person) })),
  brand: optional(z.object({ name: Text })),
  context: EventContext.catch({}),
})
export type AuthentikEvent = z.infer<typeof AuthentikEvent>

/** One page. `next` is the number of the next page, and 0 when there is none. */
export const EventPage = z.object({
  pagination: z.object({ next: z.number() }),
  results: z.array(z.unknown()),
})
export type EventPage = z.infer<typeof EventPage>
