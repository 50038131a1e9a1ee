import { ServiceError } from '#shared/errors'

/** A place in the timeline, which is ordered by the time that the source claims, then by admission. */
export interface Position {
  at: number
  seq: number
}

export const cursorOf = ({ at, seq }: Position) => `${at}.${seq}`

/** @throws ServiceError VALIDATION for what is no cursor of the timeline */
export function positionOf(cursor: string): Position {
  const [, at, seq] = /^(-?\d{1,16})\.(\d{1,16})$/.exec(cursor) ?? []
  if (seq !== undefined) return { at: Number(at), seq: Number(seq) }
  throw new ServiceError('VALIDATION', 'The cursor is not one of the timeline', {
    issues: [{ path: 'query.before', message: 'the nextCursor of an earlier page' }],
  })
}
