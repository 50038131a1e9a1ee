import { Packet } from 'dns2'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeMessage, encodeQuestion, repliesTo, TYPE_CODES, type Question } from './message'
import { normaliseName } from './names'
import { readAnswer } from './read-answer'
import { RECORD_TYPES, type RecordType } from './types'
import { MalformedMessage, WireReader } from './wire'

const question: Question = { id: 0x1234, name: 'host.example', type: 'A' }

/** A reply to `question` with records whose data are raw bytes; names are the question's unless given as wire bytes. */
function replyWith(type: RecordType, data: Buffer[], owner = Buffer.from([0xc0, 12])): Buffer {
  const head = encodeQuestion({ ...question, type }).subarray(0, 12 + 14 + 4)
  const records = data.map((rdata) => {
    const fixed = Buffer.alloc(10)
    fixed.writeUInt16BE(TYPE_CODES[type], 0)
    fixed.writeUInt16BE(1, 2)
    fixed.writeUInt32BE(60, 4)
    fixed.writeUInt16BE(rdata.length, 8)
    return Buffer.concat([owner, fixed, rdata])
  })
  const reply = Buffer.concat([head, ...records])
  reply.writeUInt16BE(0x8180, 2)
  reply.writeUInt16BE(data.length, 6)
  reply.writeUInt16BE(0, 10)
  return reply
}

const read = (reply: Buffer, type: RecordType = 'A') => readAnswer(decodeMessage(reply), 'host.example', type)
const valueOf = (type: RecordType, hex: string) =>
  read(replyWith(type, [Buffer.from(hex.replaceAll(' ', ''), 'hex')]), type).records[0]?.value

describe('record data', () => {
  it.each<[RecordType, string, string]>([
    ['A', 'c0000201', '192.0.2.1'],
    ['AAAA', '20010db8 00000000 00000000 00000001', '2001:db8::1'],
    ['MX', '000a 026d78 c011', '10 mx.example'],
    ['MX', '0000 00', '0 .'],
    ['NS', '026e73 c011', 'ns.example'],
    ['PTR', '0461424344 00', 'abcd'],
    ['SRV', '0001 0002 01bb 00', '1 2 443 .'],
    ['CAA', '00 05 6973737565 22783b22', '0 issue "\\"x;\\""'],
    ['TLSA', '03 01 01 ABCD', '3 1 1 abcd'],
    ['DS', '3039 0d 02 abcd', '12345 13 2 abcd'],
    ['DNSKEY', '0101 03 0d 00ff', '257 3 13 AP8='],
    [
      'RRSIG',
      '0001 0d 02 0000003c 65920080 6591a400 1234 c011 00ff',
      'A 13 2 60 20240101000000 20231231172520 4660 example AP8=',
    ],
    ['SOA', 'c00c c00c 00000001 00000002 00000003 00000004 00000005', 'host.example host.example 1 2 3 4 5'],
  ])('%s %s reads as %s', (type, hex, value) => {
    expect(valueOf(type, hex)).toBe(value)
  })

  it.each<[RecordType, string]>([
    ['A', 'c00002'],
    ['A', 'c000020101'],
    ['AAAA', 'c0000201'],
    ['MX', '000a'],
    ['MX', '000a 00 00'],
    ['TXT', '05 61'],
    ['CAA', '00 ff 61'],
    ['TLSA', '03'],
    ['DS', '3039'],
    ['RRSIG', '0001 0d 02 0000003c 65920080 6591a400 1234'],
  ])('%s %s is malformed', (type, hex) => {
    expect(read(replyWith(type, [Buffer.from(hex.replaceAll(' ', ''), 'hex')]), type).outcome).toBe('malformed')
  })

  it('joins the strings of a TXT record without a separator', () => {
    const reading = read(replyWith('TXT', [Buffer.from('\x06v=spf1\x05 -all')]), 'TXT')
    expect(reading.records[0]).toMatchObject({ value: 'v=spf1 -all', strings: ['v=spf1', ' -all'] })
  })

  it('joins a UTF-8 character that straddles two strings', () => {
    expect(valueOf('TXT', '02 61c3 01 bc')).toBe('aü')
  })

  it('keeps every octet of text that is not UTF-8', () => {
    expect(valueOf('TXT', '03 61ff62')).toBe('a\xffb')
  })
})

describe('names', () => {
  it('are escaped where an octet would pass for a separator', () => {
    const reader = new WireReader(Buffer.from('\x09a.example\x03c\\\x01\x02ÿ\x20\x00', 'latin1'))
    expect(reader.name()).toBe('a\\.example.c\\\\\\001.\\255 ')
  })

  it.each([
    ['a pointer to itself', 'c000'],
    ['pointers in a circle', 'c002c000'],
    ['a pointer beyond the end', 'c0ff'],
    ['a reserved label type', '8061'],
    ['no end', '0161'],
    ['more than 255 octets', '3f'.padEnd(128, '61').repeat(5) + '00'],
  ])('with %s are malformed', (_what, hex) => {
    expect(() => new WireReader(Buffer.from(hex, 'hex')).name()).toThrow(MalformedMessage)
  })

  it('of another owner are no answer, even when they look alike', () => {
    const oneLabel = Buffer.from('\x0chost.example\x00', 'latin1')
    expect(read(replyWith('A', [Buffer.from([192, 0, 2, 1])], oneLabel))).toMatchObject({ outcome: 'nodata', records: [] })
  })

  it('come back from the wire as they were normalised', () => {
    const name = fc
      .array(fc.stringMatching(/^[a-zA-Z0-9_-]{1,20}$/), { minLength: 1, maxLength: 6 })
      .map((labels) => labels.join('.'))
    fc.assert(
      fc.property(name, fc.constantFrom(...RECORD_TYPES), (raw, type) => {
        const asked = { id: 7, name: normaliseName(raw)!, type }
        const packet = encodeQuestion(asked)
        expect(Packet.parse(packet).questions[0]).toMatchObject({ name: asked.name, type: TYPE_CODES[type] })
        packet[2]! |= 0x80
        expect(repliesTo(packet, asked)).toBe(true)
        expect(repliesTo(packet, { ...asked, name: 'x' + asked.name })).toBe(false)
      }),
    )
  })
})

describe('random bytes', () => {
  const survives = (bytes: Uint8Array, type: RecordType) => {
    const buffer = Buffer.from(bytes)
    try {
      const reading = readAnswer(decodeMessage(buffer), 'host.example', type)
      for (const found of reading.records) {
        const owner = reading.cnames.at(-1) ?? 'host.example'
        expect(found).toMatchObject({ name: owner, type })
      }
    } catch (error) {
      expect(error).toBeInstanceOf(MalformedMessage)
    }
  }

  it('never belong to a question by chance, and are malformed at worst', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.constantFrom(...RECORD_TYPES), (bytes, type) => {
        expect(repliesTo(Buffer.from(bytes), { id: 0x1234, name: 'host.example', type })).toBe(false)
        survives(bytes, type)
      }),
      { numRuns: 2_000 },
    )
  })

  it('behind a true header and question do no more harm, whatever they spoil', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...RECORD_TYPES),
        fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 4 }),
        fc.array(fc.tuple(fc.nat(200), fc.nat(255)), { maxLength: 6 }),
        (type, data, spoiled) => {
          const reply = replyWith(type, data.map(Buffer.from))
          for (const [at, octet] of spoiled) if (at < reply.length) reply[at] = octet
          survives(reply, type)
        },
      ),
      { numRuns: 2_000 },
    )
  })
})
