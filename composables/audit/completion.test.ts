import { describe, expect, it } from 'vitest'
import { completionsOf } from './completion'

const KNOWN = { tenant: ['acme', 'nordlys'], action: ['tenant.created', 'tenant.updated'], email: ['a b@example.org'] }
const offered = (query: string, caret = query.length) => completionsOf(query, caret, KNOWN).map(({ text }) => text)

describe('completion of the typed query', () => {
  it.each([
    ['out', ['outcome:']],
    ['ACT', ['action:', 'actor:', 'actor-id:', 'actor-type:']],
    ['outcome:', ['success', 'failure', 'partial', 'pending']],
    ['outcome:fa', ['failure']],
    ['outcome:failure,', ['success', 'partial', 'pending']],
    ['acme action:tenant.c', ['tenant.created']],
    ['tenant:acme', []],
    ['colour:', []],
    ['word ', []],
  ])('%s', (query, texts) => {
    expect(offered(query)).toEqual(texts)
  })

  it('takes the place of the word at the caret and of no other', () => {
    const [first] = completionsOf('tenant:no outcome:failure', 9, KNOWN)
    expect(first).toEqual({ text: 'nordlys', query: 'tenant:nordlys outcome:failure', caret: 14 })
  })

  it('puts a value with a space into quotes', () => {
    expect(completionsOf('email:a', 7, KNOWN)[0]?.query).toBe('email:"a b@example.org"')
  })
})
