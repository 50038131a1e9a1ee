import type { Dialect } from './dialect'
import { MailError, MAX_REPLY_LINES, printable, type Lines } from './lines'

/** Sends a command and reads until its tagged answer (RFC 9051 §2.2). Answers the untagged lines. @throws MailError */
async function command(lines: Lines, verb: string): Promise<string[]> {
  // One command is under way at a time, so one tag is enough.
  lines.send(`v1 ${verb}`)
  const untagged: string[] = []
  for (;;) {
    const line = await lines.next()
    if (/^v1 OK\b/i.test(line)) return untagged
    if (/^v1 (NO|BAD)\b|^\* BYE\b/i.test(line)) throw new MailError('declined', printable(line))
    if (!line.startsWith('* ')) throw new MailError('protocol', printable(line))
    untagged.push(line)
    if (untagged.length > MAX_REPLY_LINES) throw new MailError('flood')
  }
}

/** IMAP (RFC 9051). */
export const imapDialect: Dialect = {
  async greeting(lines) {
    const line = await lines.next()
    if (/^\* BYE\b/i.test(line)) throw new MailError('declined', printable(line))
    if (!/^\* (OK|PREAUTH)\b/i.test(line)) throw new MailError('protocol', printable(line))
    return line.slice(2)
  },
  async capabilities(lines) {
    const untagged = await command(lines, 'CAPABILITY')
    const told = untagged.find((line) => /^\* CAPABILITY\b/i.test(line)) ?? ''
    return { name: null, capabilities: printableWords(told).slice(2) }
  },
  async startTls(lines) {
    await command(lines, 'STARTTLS')
  },
  leave: (lines) => lines.send('v1 LOGOUT'),
}

const printableWords = (line: string) =>
  line
    .replace(/[^\x20-\x7e]/g, '?')
    .toUpperCase()
    .split(' ')
    .filter(Boolean)
