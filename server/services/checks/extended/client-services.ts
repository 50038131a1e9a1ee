import type { MailTarget } from '#server/platform/mail/types'

/** A service that mail programs use. */
export interface ClientService extends Pick<MailTarget, 'protocol' | 'security' | 'port'> {
  srv: `_${string}`
  /** What it is for. */
  use: 'reading' | 'sending'
}

/** RFC 8314 §3 and §5.1, RFC 6186 §3. */
export const CLIENT_SERVICES: readonly ClientService[] = [
  { srv: '_imaps', use: 'reading', protocol: 'imap', security: 'implicit', port: 993 },
  { srv: '_imap', use: 'reading', protocol: 'imap', security: 'starttls', port: 143 },
  { srv: '_submissions', use: 'sending', protocol: 'smtp', security: 'implicit', port: 465 },
  { srv: '_submission', use: 'sending', protocol: 'smtp', security: 'starttls', port: 587 },
]
