import type { z } from 'zod'
import type { DomainInput, DomainPatch } from '#shared/schemas/tenants'
import { changesOnly } from '../form-merge'

export interface DomainFormValues {
  domain: string
  mailHostId: string
  dkim: { selector: string; publicKey: string }[]
  sends: boolean
  receives: boolean
  webmailHost: string
  version: number
}

interface DomainLike {
  domain: string
  mailHostId: string | null
  dkim: { selector: string; publicKey?: string }[]
  sends: boolean
  receives: boolean
  webmailHost: string | null
  version?: number
}

export const NEW_DOMAIN: DomainFormValues = {
  domain: '',
  mailHostId: '',
  dkim: [],
  sends: true,
  receives: true,
  webmailHost: '',
  version: 0,
}

export const DOMAIN_LABELS: Record<string, string> = {
  mailHostId: 'Mail host',
  dkim: 'DKIM selectors',
  sends: 'Sends mail',
  receives: 'Receives mail',
  webmailHost: 'Webmail host',
}

/** A domain as the fields of its form hold it. */
export const domainValues = (domain: DomainLike): DomainFormValues => ({
  domain: domain.domain,
  mailHostId: domain.mailHostId ?? '',
  dkim: domain.dkim.map(({ selector, publicKey }) => ({ selector, publicKey: publicKey ?? '' })),
  sends: domain.sends,
  receives: domain.receives,
  webmailHost: domain.webmailHost ?? '',
  version: domain.version ?? 0,
})

const dkimInput = (dkim: DomainFormValues['dkim']) =>
  dkim.map(({ selector, publicKey }) => ({ selector, ...(publicKey.trim() && { publicKey: publicKey.trim() }) }))

/** The body that adds a domain. */
export const domainInput = (values: DomainFormValues): z.input<typeof DomainInput> => ({
  domain: values.domain.trim(),
  mailHostId: values.mailHostId || null,
  dkim: dkimInput(values.dkim),
  sends: values.sends,
  receives: values.receives,
  webmailHost: values.webmailHost.trim() || null,
})

/** The body that changes a domain: only what was changed. */
export function domainPatch(values: DomainFormValues, base: DomainFormValues): z.input<typeof DomainPatch> {
  const { mailHostId, dkim, sends, receives, webmailHost } = changesOnly(values, base)
  return {
    version: values.version,
    ...(mailHostId !== undefined && { mailHostId: mailHostId || null }),
    ...(dkim !== undefined && { dkim: dkimInput(dkim) }),
    ...(sends !== undefined && { sends }),
    ...(receives !== undefined && { receives }),
    ...(webmailHost !== undefined && { webmailHost: webmailHost.trim() || null }),
  }
}
