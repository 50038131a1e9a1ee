import { expect, it } from 'vitest'
import { z } from 'zod'
import { MailHostInput, TenantInput } from '#shared/schemas/tenants'
import { issueText } from './issue-text'

const issuesOf = (schema: z.ZodType, value: unknown) => schema.safeParse(value).error?.issues.map(issueText)

it.each([
  [TenantInput, { slug: 'a', name: '' }, 'name', 'Fill this in'],
  [TenantInput, { slug: 'a' }, 'name', 'Fill this in'],
  [TenantInput, { slug: 'A b', name: 'A' }, 'slug', 'Expected: lower-case letters, digits and inner hyphens, 63 at most'],
  [z.object({ p: MailHostInput.shape.webmail.shape.port }), { p: 70_000 }, 'p', 'At most 65535'],
  [z.object({ l: MailHostInput.shape.webmail.shape.loginPath }), { l: 'x' }, 'l', 'Start with /'],
  [z.object({ m: MailHostInput.shape.mx }), { m: ['x'] }, 'm.0', 'Expected: a host name such as mx1.example.org'],
])('says in words what is wrong (%#)', (schema, value, path, message) => {
  expect(issuesOf(schema, value)).toEqual([{ path, message }])
})
