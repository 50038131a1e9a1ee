import { ServiceError } from '#shared/errors'

/** The fields that a change names; those left out are not there at all, so that they overwrite nothing. */
export function given<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }
}

/**
 * @param current the row as it stands now, as the API shows it
 * @throws ServiceError STALE_VERSION with `details.current` when the caller has not seen the latest change
 */
export function refuseStale(version: number | undefined, current: { version: number }): void {
  if (version !== undefined && version !== current.version)
    throw new ServiceError('STALE_VERSION', 'Somebody changed this meanwhile', { details: { current } })
}

/**
 * What an update with a version gave back.
 * @throws ServiceError STALE_VERSION when another process changed the row between our look and our write
 */
export function stillCurrent<T>(row: T | undefined): T {
  if (row === undefined) throw new ServiceError('STALE_VERSION', 'Somebody changed this meanwhile')
  return row
}
