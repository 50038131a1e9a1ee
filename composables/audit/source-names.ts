const NAMES: Record<string, string> = {
  vigia: 'Vigia',
  authentik: 'Authentik',
  stalwart: 'Stalwart',
  ocis: 'ownCloud Infinite Scale',
  generic: 'Other senders',
}

/** What people call the system that an event came from; one that is not known by its own name. */
export const sourceName = (source: string): string => (Object.hasOwn(NAMES, source) ? NAMES[source]! : source)
