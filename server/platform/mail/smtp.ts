import type { Dialect } from './dialect'
import { MailError, MAX_REPLY_LINES, printable, type Lines } from './lines'

interface Reply {
  code: number
  texts: string[]
}

/** One reply, of one line or several (RFC 5321 §4.2.1). @throws MailError */
async function readReply(lines: Lines): Promise<Reply> {
  const texts: string[] = []
  for (;;) {
    const line = await lines.next()
    const [, code, more, text = ''] = /^([2-5]\d\d)(?:([ -])(.*))?$/.exec(line) ?? []
    if (code === undefined) throw new MailError('protocol', printable(line))
    texts.push(text)
    if (texts.length > MAX_REPLY_LINES) throw new MailError('flood')
    if (more !== '-') return { code: Number(code), texts }
  }
}

/** @throws MailError declined, when the reply has another code */
async function expectCode(lines: Lines, code: number): Promise<string[]> {
  const reply = await readReply(lines)
  if (reply.code !== code) throw new MailError('declined', printable(`${reply.code} ${reply.texts.join(' ')}`))
  return reply.texts
}

/** SMTP and submission (RFC 5321, RFC 3207), greeting as `helo`: a host name, or an address literal. */
export function smtpDialect(helo: string): Dialect {
  return {
    async greeting(lines) {
      return (await expectCode(lines, 220)).join(' ')
    },
    async capabilities(lines) {
      lines.send(`EHLO ${helo}`)
      const [first = '', ...rest] = await expectCode(lines, 250)
      const name = first.split(' ')[0]
      return { name: name ? printable(name) : null, capabilities: rest.map((text) => printable(text).trim().toUpperCase()) }
    },
    async startTls(lines) {
      lines.send('STARTTLS')
      await expectCode(lines, 220)
    },
    leave: (lines) => lines.send('QUIT'),
  }
}
