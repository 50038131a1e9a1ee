/** What an event is about. The chips of the timeline are groups of these. */
export const CATEGORIES = [
  'authentication',
  'access',
  'tenant',
  'partner',
  'identity',
  'mail',
  'files',
  'content',
  'flags',
  'configuration',
  'data',
  'system',
] as const
export type Category = (typeof CATEGORIES)[number]

export const SEVERITIES = ['low', 'medium', 'high', 'critical'] as const
export type Severity = (typeof SEVERITIES)[number]

/** Spans of time that end now, and all of it. */
export const RANGE_IDS = ['1h', '24h', '7d', '30d', 'all'] as const
export type RangeId = (typeof RANGE_IDS)[number]

/** Where an event may come from besides the portal itself (`vigia`). */
export const SOURCE_IDS = ['authentik', 'stalwart', 'ocis', 'generic'] as const
export type SourceId = (typeof SOURCE_IDS)[number]
