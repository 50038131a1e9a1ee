import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { signatureCheck } from './signature'

const KEY = 'nordwind-webhook-key-ä'
const sign = (key: string, body: string) => createHmac('sha256', key).update(body).digest('base64')

function matches(keys: string[], pieces: string[], signature: string | undefined): boolean {
  const check = signatureCheck(keys)
  pieces.forEach((piece) => check.update(Buffer.from(piece)))
  return check.matches(signature)
}

describe('a signature', () => {
  it('is the base64 of HMAC-SHA-256 under the UTF-8 bytes of the key, as in the recorded file', () => {
    expect(matches([KEY], ['{"events":[]}'], '6lWB63/vdM9R2YqcNM+aw+XjdEvOgK+oW3S0QJfFACg=')).toBe(true)
  })

  it('is over the body however it is cut into pieces', () => {
    expect(matches([KEY], ['{"eve', '', 'nts":[]}'], sign(KEY, '{"events":[]}'))).toBe(true)
  })

  it.each([[['old', KEY]], [[KEY, 'new']], [['a', 'b', KEY, 'c']]])(
    'fits any of the keys that hold during a change: %j',
    (keys) => {
      expect(matches(keys, ['x'], sign(KEY, 'x'))).toBe(true)
    },
  )

  it.each([
    ['another key', sign('other', 'x')],
    ['another body', sign(KEY, 'y')],
    ['nothing', ''],
    ['no header', undefined],
    ['half of it', sign(KEY, 'x').slice(0, 20)],
    ['hexadecimal digits', createHmac('sha256', KEY).update('x').digest('hex')],
  ])('does not fit with %s', (_, signature) => {
    expect(matches([KEY, 'old'], ['x'], signature)).toBe(false)
  })

  it('fits nothing where there is no key', () => {
    expect(matches([], ['x'], sign('', 'x'))).toBe(false)
  })
})
