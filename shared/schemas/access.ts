import { z } from 'zod'
import { ROLES } from '../permissions'

const Timestamp = z.iso.datetime()

/** Whoever is signed in, for the shell. */
export const Me = z.object({
  id: z.string(),
  name: z.string().nullable(),
  email: z.string().nullable(),
  role: z.enum(ROLES),
  /** Started as a demo: the sample world can be loaded. */
  demo: z.boolean(),
  version: z.string(),
})
export type Me = z.infer<typeof Me>

export const User = z.object({
  id: z.string(),
  email: z.string().nullable(),
  name: z.string().nullable(),
  role: z.enum(ROLES),
  active: z.boolean(),
  createdAt: Timestamp,
  lastSignInAt: Timestamp.nullable(),
  version: z.int(),
})
export type User = z.infer<typeof User>
export const UserList = z.object({ users: z.array(User) })
export const UserPatch = z.object({ active: z.boolean(), version: z.int().optional() })
export type UserPatch = z.infer<typeof UserPatch>
