import type { Lines } from './lines'

/** How a protocol asks for what every probe wants to know. Each verb throws MailError when the peer says no, or no sense. */
export interface Dialect {
  /** Reads the greeting. */
  greeting(lines: Lines): Promise<string>
  /** Asks what the server can do, upper-case. `name`: what it calls itself, where the protocol tells. */
  capabilities(lines: Lines): Promise<{ name: string | null; capabilities: string[] }>
  /** Asks for TLS. Answers once the peer has agreed. */
  startTls(lines: Lines): Promise<void>
  /** Says goodbye; nobody waits for the answer. */
  leave(lines: Lines): void
}
