import { describe, expect, it } from 'vitest'
import { ALL, headersLook, page } from '../../../../../tests/reasons/extended/web-headers'

describe('web_headers', () => {
  it('does not take a fresh nonce for a change', async () => {
    const csp = (nonce: string) => page({ ...ALL, 'content-security-policy': `script-src 'nonce-${nonce}'` })
    const [one, other] = [await headersLook(csp('abc')), await headersLook(csp('def'))]
    expect(one.evidence.found).toEqual(other.evidence.found)
  })
})
