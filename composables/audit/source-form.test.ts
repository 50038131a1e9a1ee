import { describe, expect, it } from 'vitest'
import type { IngestSource } from '#shared/schemas/ingest'
import { sourcePatch, SourcePatchForm, sourceValues } from './source-form'

const setting = (key: string, value: IngestSource['settings'][number]['value'], more = {}) => ({
  ...{ key, about: key, isSecret: false, isSet: value !== null, readOnly: false, env: null, value },
  ...more,
})
const source = {
  version: 3,
  settings: [
    setting('url', 'https://id.example'),
    setting('token', null, { isSecret: true, isSet: true }),
    setting('secrets', null, { isSecret: true }),
    setting('mapping', { action: 'type' }),
    setting('path', '/var/log/x', { readOnly: true }),
  ],
} as IngestSource

describe('the settings of a source', () => {
  it('are fields, but for those of the environment and the text of a secret', () => {
    expect(sourceValues(source)).toEqual({
      ...{ url: 'https://id.example', token: '', secrets: '', mapping: '{\n  "action": "type"\n}' },
    })
  })

  it('are sent where they changed, and taken away where they were emptied', () => {
    const values = { ...sourceValues(source), url: ' ', secrets: 'one\n two ', mapping: '{"action":"kind"}' }
    expect(sourcePatch(source, values)).toEqual({
      version: 3,
      settings: { url: null, secrets: ['one', 'two'], mapping: { action: 'kind' } },
    })
    expect(sourcePatch(source, sourceValues(source))).toEqual({ version: 3, settings: {} })
  })

  it('are refused at their field where JSON is asked for and none is there', () => {
    const parsed = SourcePatchForm.safeParse(sourcePatch(source, { ...sourceValues(source), mapping: '{' }))
    expect(parsed.error?.issues).toMatchObject([{ path: ['settings', 'mapping'] }])
  })
})
