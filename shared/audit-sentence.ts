import { checkLabel } from './check-label'

/** An event as far as its sentence needs it, named as the API names it. */
export interface TellableEvent {
  /** The action's own words, with names in braces and what may be left out in brackets. */
  template: string
  action: string
  actorType: string
  actorId: string
  actorName?: string | null
  actorEmail?: string | null
  resourceType: string
  resourceId: string
  resourceName?: string | null
  tenantName?: string | null
  tenantSlug?: string | null
  metadata?: Readonly<Record<string, string | number | boolean>> | null
}

/** A piece of a sentence: plain words, or a name that may be shown as one. */
export interface SentencePart {
  kind: 'words' | 'actor' | 'resource' | 'tenant' | 'value'
  text: string
}

const NAME = /\{([^{}]+)\}/

/**
 * What happened, in words: `anna@ suspended tenant Acme`. A pure function of the event, so that page, API and export tell the same.
 * What nobody knows is left out where the action allows it, and told by its id elsewhere.
 */
export function sentenceOf(event: TellableEvent): string {
  return sentencePartsOf(event)
    .map(({ text }) => text)
    .join('')
}

/** The same in pieces, for a page that shows names as names. */
export function sentencePartsOf(event: TellableEvent): SentencePart[] {
  const parts = event.template.split(/\[([^[\]]*)\]/).flatMap((stretch, at) => {
    const told = stretchOf(stretch, event)
    const mayBeLeftOut = at % 2 === 1
    return mayBeLeftOut && told.some(({ text }) => text === '') ? [] : told
  })
  return parts.map((part) => (part.text === '' ? { kind: 'words', text: '?' } : part))
}

/** The parts of a stretch without brackets; a name that nobody knows is empty. */
function stretchOf(stretch: string, event: TellableEvent): SentencePart[] {
  return stretch.split(NAME).flatMap((text, at): SentencePart[] => {
    if (at % 2 === 1) return [named(text, event)]
    return text === '' ? [] : [{ kind: 'words', text }]
  })
}

function named(name: string, event: TellableEvent): SentencePart {
  if (name === 'actor') return { kind: 'actor', text: actorOf(event) }
  if (name === 'resource') return { kind: 'resource', text: resourceOf(event) }
  if (name === 'tenant') return { kind: 'tenant', text: event.tenantName ?? event.tenantSlug ?? '' }
  if (name === 'action') return { kind: 'value', text: event.action }
  const value = String(valueOf(event, name) ?? '')
  // A check by the name that people know.
  return { kind: 'value', text: name === 'checkId' && value !== '' ? checkLabel(value) : value }
}

const NOBODY = new Set(['anonymous', 'unknown', ''])

function actorOf({ actorType, actorId, actorName, actorEmail }: TellableEvent): string {
  // An address by its local part, as people call each other; the whole of it stands beside.
  if (actorEmail) return actorEmail.replace(/@[^@]*$/, '@')
  if (actorName) return actorName
  if (actorType === 'system') return 'The portal'
  return NOBODY.has(actorId) ? 'Somebody' : actorId
}

function resourceOf(event: TellableEvent): string {
  return event.resourceName ?? String(valueOf(event, 'name') ?? valueOf(event, 'slug') ?? event.resourceId)
}

/** A value of the event; of a change, what it is now. */
function valueOf({ metadata }: TellableEvent, name: string): string | number | boolean | undefined {
  const value = (key: string) => (metadata && Object.hasOwn(metadata, key) ? metadata[key] : undefined)
  return value(name) ?? value(`${name}.after`) ?? value(`${name}.before`)
}
