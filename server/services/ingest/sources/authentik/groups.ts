import { z } from 'zod'
import { perDatabase } from '#server/platform/process'
import { SourceFault } from '../../contract'
import { type Asking, askJson } from './ask'

/** Who is in which group changes seldom, and an event that came meanwhile is of the group as it is now. */
const FRESH_MS = 10 * 60_000
const KNOWN = 10_000
const AT_ONCE = 4

/** Of `GET /core/users/{id}/`: the groups that somebody is in, not those that stand above them (goauthentik/authentik, core/api/users.py). */
const User = z.object({ groups_obj: z.array(z.object({ name: z.string() })).nullish() })

/** Names of groups by user, and until when they count. */
const knownGroups = perDatabase(() => new Map<string, { names: readonly string[]; until: number }>())

/**
 * The groups of these users. Nobody's, when the token may not read users or the user is gone: then the mail address tells the tenant.
 * @throws SourceFault when the server does not answer: an event that stands in the log gets no tenant later
 */
export async function groupsOf(asking: Asking, users: Iterable<number>): Promise<(userPk: number) => readonly string[]> {
  const { ctx, settings } = asking
  const known = knownGroups(ctx)
  const keyOf = (pk: number) => `${settings.url} ${pk}`
  const wanted = [...new Set(users)].filter((pk) => (known.get(keyOf(pk))?.until ?? 0) <= ctx.now())
  for (let from = 0; from < wanted.length; from += AT_ONCE)
    await Promise.all(
      wanted.slice(from, from + AT_ONCE).map(async (pk) => {
        const names = await askGroups(asking, pk)
        known.delete(keyOf(pk))
        known.set(keyOf(pk), { names, until: ctx.now() + FRESH_MS })
        if (known.size > KNOWN) known.delete(known.keys().next().value!)
      }),
    )
  return (pk) => known.get(keyOf(pk))?.names ?? []
}

async function askGroups(asking: Asking, pk: number): Promise<string[]> {
  const answer = await askJson(asking, `core/users/${pk}/`).catch((error: unknown) => {
    if (error instanceof SourceFault && error.token === 'unauthorized') return null
    throw error
  })
  const user = User.safeParse(answer)
  return user.success ? (user.data.groups_obj ?? []).map((group) => group.name) : []
}
