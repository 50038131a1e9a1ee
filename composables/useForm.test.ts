import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { ApiError } from './api'
import { useForm } from './useForm'

const schema = z.object({ name: z.string().min(2, 'too short'), mx: z.array(z.string().regex(/^...$/, 'a host')) })
const formThat = (send: (input: z.output<typeof schema>) => Promise<unknown>) =>
  useForm({ initial: { name: 'acme', mx: ['mx1'] }, schema, toInput: (values) => values, send })

describe('useForm', () => {
  it('sends nothing while a field is wrong and shows the error of a list at its field', async () => {
    let sent = 0
    const form = formThat(async () => (sent += 1))
    form.values.mx = ['mx1', 'x']
    await form.submit()
    expect(sent).toBe(0)
    expect(form.errorOf('mx')).toBe('Entry 2. Expected: a host')
    expect(form.errorOf('name')).toBeUndefined()
  })

  it('sends once when submitted twice', async () => {
    let sent = 0
    const form = formThat(async () => (sent += 1))
    await Promise.all([form.submit(), form.submit()])
    expect(sent).toBe(1)
    expect(form.busy.value).toBe(false)
  })

  it('keeps what was typed and shows what the server found wrong', async () => {
    const form = formThat(() =>
      Promise.reject(new ApiError({ token: 'VALIDATION', message: 'no', issues: [{ path: 'name', message: 'taken' }] })),
    )
    form.values.name = 'globex'
    await form.submit()
    expect(form.values.name).toBe('globex')
    expect(form.errorOf('name')).toBe('taken')
    expect(form.failure.value).toBeInstanceOf(ApiError)
    expect(form.dirty.value).toBe(true)
  })

  it('is clean again after it was saved', async () => {
    const form = formThat(() => Promise.resolve())
    form.values.name = 'globex'
    expect(form.dirty.value).toBe(true)
    await form.submit()
    expect(form.dirty.value).toBe(false)
  })

  it('shows what somebody else saved first, and saves again with their version and only our change', async () => {
    const sent: unknown[] = []
    const row = z.object({ name: z.string(), plan: z.string(), version: z.int() })
    const form = useForm({
      initial: { name: 'Acme', plan: 'basic', version: 1 },
      schema: row,
      toInput: (values) => values,
      fromCurrent: (current) => row.parse(current),
      send: async (input) => {
        sent.push(input)
        const current = { name: 'Acme', plan: 'pro', version: 2 }
        if (input.version === 1) throw new ApiError({ token: 'STALE_VERSION', message: 'stale', details: { current } })
      },
    })
    form.values.name = 'Acme Ltd'
    await form.submit()
    expect(form.theirs.value).toEqual([{ field: 'plan', theirs: 'pro', mine: 'basic', clash: false }])
    form.settle(true)
    await form.submit()
    expect(sent[1]).toEqual({ name: 'Acme Ltd', plan: 'pro', version: 2 })
    expect(form.theirs.value).toEqual([])
    expect(form.dirty.value).toBe(false)
  })
})
