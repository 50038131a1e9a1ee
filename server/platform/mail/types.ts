import type { PeerCertificateView } from '../http/tls'
import type { ConnectionFault } from '../http/types'

/** What is spoken: SMTP also stands for submission (RFC 6409). */
export type MailProtocol = 'smtp' | 'imap'

export interface MailTarget {
  protocol: MailProtocol
  /** How TLS begins: by the protocol's own command, or with the first byte (RFC 8314 §3). */
  security: 'starttls' | 'implicit'
  /** Sent as SNI; the certificate is judged against it. */
  host: string
  /** The address to connect to: already resolved, so that what was checked is what is used. */
  address: string
  port: number
  /** Inner addresses that are the mail host's own. */
  ownAddresses?: readonly string[]
  /** The whole conversation, milliseconds. */
  timeoutMs: number
  signal?: AbortSignal
}

/** Why a conversation ended before its end. Closed list; raw error texts never leave the client. */
export type MailFault =
  | ConnectionFault
  /** A reply said no (4xx, 5xx, NO, BAD, BYE) where the conversation cannot go on without a yes. */
  | 'declined'
  /** More than a reply may hold: an endless line, or lines without an end. */
  | 'flood'

/** How far a conversation came, in this order. */
export type MailStage = 'connect' | 'greeting' | 'capabilities' | 'starttls' | 'handshake' | 'secured' | 'done'

/** What one conversation with a mail server brought to light. Null: it did not come to that. */
export interface MailLook {
  address: string
  port: number
  latencyMs: number
  stage: MailStage
  fault: MailFault | null
  /** The greeting, then the reply that declined, if one did; printable, cut. */
  greeting: string | null
  reply: string | null
  /** The name that an SMTP server answers EHLO with. */
  name: string | null
  /** Capabilities in clear, upper-case; null with implicit TLS. */
  plain: string[] | null
  /** `injected`: more than the reply came in clear before the handshake, which an attacker on the way can do (CVE-2011-0411). */
  startTls: 'absent' | 'declined' | 'injected' | 'accepted' | null
  tls: { protocol: string; peer: PeerCertificateView } | null
  /** Capabilities under TLS. */
  secured: string[] | null
}

/** Greets mail servers, asks what they can do, begins TLS and leaves. Sends no mail and no password. Never rejects. */
export interface MailClient {
  look(target: MailTarget): Promise<MailLook>
}
