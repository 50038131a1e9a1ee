import { z } from 'zod'

export const AuthentikSettings = z.object({
  url: z
    .url({ protocol: /^https?$/, message: 'an http or https address' })
    .max(1_000)
    .refine((url) => !/^\w+:\/\/[^/]*@/.test(url), 'no user name or password inside the address')
    .describe('Where Authentik answers, such as https://id.example.org')
    .optional(),
  token: z
    .string()
    .min(1)
    .max(1_000)
    .regex(/^[\x21-\x7e]+$/, 'a token without spaces')
    .describe('An API token that may read events and users, and nothing else')
    .optional(),
  groupPrefix: z
    .string()
    .max(50)
    .toLowerCase()
    .describe('What stands before a tenant’s slug in the name of its group; a group that is called as the slug needs none')
    .optional(),
})
export type AuthentikSettings = z.infer<typeof AuthentikSettings>
