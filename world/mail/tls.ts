import type { SecureContext } from 'node:tls'

/** What a server shows: the certificate of the name in the handshake, else its own. */
export interface MailTls {
  tls: {
    cert: string
    key: string
    SNICallback(name: string, done: (error: Error | null, context?: SecureContext) => void): void
  }
}

/** @param contextOf the context of a name; its failure ends the handshake */
export function mailTls(identity: { cert: string; key: string }, contextOf: (name: string) => Promise<SecureContext>): MailTls {
  return {
    tls: {
      ...identity,
      SNICallback: (name, done) =>
        void contextOf(name.toLowerCase()).then(
          (context) => done(null, context),
          (error: Error) => done(error),
        ),
    },
  }
}
