import type { ExtendedId, ExtendedStatus } from '#shared/schemas/extended'
import type { CheckTarget, CheckWorld, Verdict } from '../collectors/contract'

/** The world of a collector, with looks that are shared for longer than one cycle. */
export interface ExtendedWorld extends Omit<CheckWorld, 'shared'> {
  /**
   * One look for all who ask for the same key within the check's interval (within one person's run). The look must not end with the
   * signal of who asks first.
   * @param keep says which results may be kept; the others (a time-out, mostly) are shared for a minute only
   * @param maxAgeSec for what stays true for longer than the interval
   */
  shared<T>(key: string, look: () => Promise<T>, keep?: (value: T) => boolean, maxAgeSec?: number): Promise<T>
  /** Zones of the block lists that operators chose. */
  blockLists(): Promise<readonly string[]>
}

/** What a check remembers of a domain from one look to the next; texts by key. */
export type Memory = Record<string, string>

/** A domain, and what this check remembers of it; null at the first look. */
export interface ExtendedTarget extends CheckTarget {
  memory: Memory | null
}

export interface ExtendedVerdict extends Verdict<ExtendedStatus> {
  /** What to remember from now on; left out, what was remembered stays. */
  memory?: Memory
}

/** A check beyond the eight: looks, then judges, as a `Collector` does, but at its own pace. */
export interface ExtendedCheck<Observation = unknown> {
  id: ExtendedId
  /** Seconds from one look to the next. */
  intervalSec: number
  /** `host-shared`: it looks at what many domains have in common, and goes through `world.shared`. */
  subject: 'domain' | 'host-shared'
  /** Without a mail host the check is `skipped: no-mail-host`. */
  needsMailHost: boolean
  /** What it looks at, in one sentence, for the settings. */
  about: string
  /** Whom outside it tells what, in one sentence: such a check is off until an operator switches it on. Null for all others. */
  thirdParty: string | null
  collect(world: ExtendedWorld, target: ExtendedTarget): Promise<Observation>
  evaluate(observation: Observation, target: ExtendedTarget, now: number): ExtendedVerdict
}

/** Keeps the observation's type between the two halves while the registry holds checks of many kinds. */
export function defineExtended<Observation>(check: ExtendedCheck<Observation>): ExtendedCheck<Observation> {
  return check
}
