import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { splitBatch } from './split-batch'

function split(text: string): string[] {
  const body = Buffer.from(text)
  const steps = splitBatch(body)
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value.map(({ start, end }) => body.toString('utf8', start, end))
  }
}

describe('a batch', () => {
  it.each([
    ['{"events":[]}', []],
    [' { "events" : [ ] } \n', []],
    ['{"events":[{"a":1}]}', ['{"a":1}']],
    ['{"events":[{"a":[1,2]},{"b":"],}[{"}]}', ['{"a":[1,2]}', '{"b":"],}[{"}']],
    ['{"events":[{"a":"\\"},{"},{"b":"\\\\"}]}', ['{"a":"\\"},{"}', '{"b":"\\\\"}']],
    ['{"events":[1,null,"x"]}', ['1', 'null', '"x"']],
    ['{"events":[{"a":1},]}', ['{"a":1}', '']],
  ])('%s is cut into its events, whatever is in them', (text, events) => {
    expect(split(text)).toEqual(events)
  })

  it('says how many values an event is made of, whatever its texts hold', () => {
    const steps = splitBatch(Buffer.from('{"events":[{"a":[1,2],"b":",,,["},{}]}'))
    expect((steps.next().value as { values: number }[]).map(({ values }) => values)).toEqual([4, 1])
  })

  it.each([
    '',
    '[]',
    'null',
    '{"events":{}}',
    '{"events":[{}]',
    '{"events":[{}}',
    '{"events":[{"a":"]}',
    '{"events":[{}]}{}',
    '{"other":1,"events":[]}',
    '{"events":[]]}',
    '{"events":[}]}',
  ])('%s is none', (text) => {
    expect(() => split(text)).toThrow('The body is not {"events": […]}')
  })

  it('is cut where JSON.parse would, for any values', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), (values) => {
        expect(split(JSON.stringify({ events: values })).map((text) => JSON.parse(text) as unknown)).toEqual(
          JSON.parse(JSON.stringify(values)),
        )
      }),
    )
  })

  it('lets others through now and then', () => {
    const steps = splitBatch(Buffer.from(`{"events":["${'x'.repeat(1024 * 1024)}"]}`))
    let turns = 0
    while (!steps.next().done) turns++
    expect(turns).toBe(4)
  })
})
