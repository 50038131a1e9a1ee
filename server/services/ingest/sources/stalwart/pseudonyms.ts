import type { Context } from '#server/platform/context'
import { subjectsByEmail } from '#server/services/audit'
import type { IdOf } from './map-event'
import type { StalwartEvent } from './read-event'
import { account } from './values'

const BEGINNING = 'stalwart:'

/** The names that an event may know somebody by. */
const namesIn = ({ data }: StalwartEvent) =>
  [data.accountName, data.from, data.details].map(account).filter((name) => name?.includes('@')) as string[]

/**
 * The pseudonyms of the people of a batch. Stalwart tells some events by the number of an account, some by its name, some by both: whoever
 * is known by a mail address keeps the pseudonym that was given first.
 */
export class Pseudonyms {
  private readonly known = new Map<string, string>()

  constructor(private readonly ctx: Context) {}

  /** Looks up who is known already; call it before `idOf` for these events. */
  async meet(events: readonly StalwartEvent[]): Promise<void> {
    const names = [...new Set(events.flatMap(namesIn))].filter((name) => !this.known.has(name.toLowerCase()))
    for (const [name, id] of await subjectsByEmail(this.ctx, BEGINNING, names)) this.known.set(name, id)
  }

  readonly idOf: IdOf = ({ accountId, name }) => {
    const key = name?.toLowerCase()
    const known = key === undefined ? undefined : this.known.get(key)
    // A name alone becomes one that nobody tells without this portal's key.
    const id = known ?? BEGINNING + (accountId ?? this.ctx.secrets.tag('stalwart-account', key ?? '').slice(0, 32))
    if (key !== undefined) this.known.set(key, id)
    return id
  }
}
