import type { MailClient, MailLook, MailTarget } from '#server/platform/mail/types'
import { certificateOf } from './check-facts'

/** What a mail client would have brought home from a server with STARTTLS that is well. */
export function mailLookOf(changes: Partial<MailLook> = {}): MailLook {
  return {
    ...{ address: '192.0.2.25', port: 25, latencyMs: 9, stage: 'done', fault: null, reply: null },
    ...{ greeting: 'mx1.example.net ESMTP', name: 'mx1.example.net', plain: ['STARTTLS'], startTls: 'accepted' },
    ...{ tls: { protocol: 'TLSv1.3', peer: certificateOf() }, secured: ['SIZE 1000'] },
    ...changes,
  }
}

/** A mail client that sees what it is told; `looks` are the conversations that it was asked for. */
export function mailWorld(see: (target: MailTarget) => MailLook): MailClient & { looks: MailTarget[] } {
  const looks: MailTarget[] = []
  const look = (target: MailTarget) => {
    looks.push(target)
    return Promise.resolve({ ...see(target), address: target.address, port: target.port })
  }
  return { look, looks }
}
