// Reads DNS wire format. Our own reader, because dns2's turns TXT bytes that are not UTF-8 into U+FFFD and joins labels without
// escaping, so that the one label "a.example" could pass for the two labels of another name.

/** The bytes end early or contradict themselves. */
export class MalformedMessage extends Error {}

const MAX_NAME_OCTETS = 255
const MAX_POINTERS = 126

export class WireReader {
  constructor(
    readonly buffer: Buffer,
    public offset = 0,
  ) {}

  u8(): number {
    return this.buffer[this.skip(1)]!
  }

  u16(): number {
    return this.buffer.readUInt16BE(this.skip(2))
  }

  u32(): number {
    return this.buffer.readUInt32BE(this.skip(4))
  }

  bytes(length: number): Buffer {
    return this.buffer.subarray(this.skip(length), this.offset)
  }

  /** Goes on by `length` octets; answers where it stood. */
  skip(length: number): number {
    const start = this.offset
    if (length < 0 || start + length > this.buffer.length) throw new MalformedMessage('the message ends early')
    this.offset = start + length
    return start
  }

  /** A name, lower-case, without its trailing dot (`.` for the root), special octets escaped as RFC 4343 §2.1. */
  name(): string {
    const labels: string[] = []
    let octets = 1
    let pointers = 0
    let resumeAt: number | undefined
    for (let length = this.u8(); length !== 0; length = this.u8()) {
      if (length >= 0xc0) {
        const target = ((length & 0x3f) << 8) | this.u8()
        resumeAt ??= this.offset
        if (++pointers > MAX_POINTERS) throw new MalformedMessage('compression pointers form a loop')
        this.offset = target
        continue
      }
      octets += length + 1
      if (length > 63 || octets > MAX_NAME_OCTETS) throw new MalformedMessage('a name is too long')
      labels.push(escapeLabel(this.buffer.toString('latin1', this.skip(length), this.offset)))
    }
    if (resumeAt !== undefined) this.offset = resumeAt
    return labels.join('.') || '.'
  }
}

/** Nearly every label is plain: nothing in it to change. */
const PLAIN = /^[!-\-/-@[\]-~]*$/

function escapeLabel(label: string): string {
  if (PLAIN.test(label)) return label
  return label
    .replace(/[A-Z]/g, (letter) => letter.toLowerCase())
    .replace(/[.\\]/g, '\\$&')
    .replace(/[^\x20-\x7e]/g, (octet) => '\\' + String(octet.charCodeAt(0)).padStart(3, '0'))
}
