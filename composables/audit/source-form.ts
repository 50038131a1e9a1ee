import { z } from 'zod'
import { type IngestSource, IngestSourcePatch } from '#shared/schemas/ingest'

type Setting = IngestSource['settings'][number]

/** How a setting that is no plain line of text is typed: some texts, one a line; or JSON. */
const KINDS: Readonly<Record<string, 'lines' | 'json'>> = { secrets: 'lines', mapping: 'json' }
const kindOf = ({ key }: Pick<Setting, 'key'>) => (Object.hasOwn(KINDS, key) ? KINDS[key]! : 'line')

export const isLong = (setting: Setting) => kindOf(setting) !== 'line'

/** What can be typed: the environment's own settings cannot. */
export const editable = ({ settings }: Pick<IngestSource, 'settings'>) => settings.filter(({ readOnly }) => !readOnly)

/** The fields of a source; a secret is never known, its field begins empty. */
export function sourceValues(source: IngestSource): Record<string, string> {
  return Object.fromEntries(editable(source).map((setting) => [setting.key, textOf(setting.value)]))
}

/** Only what was changed; an emptied field takes its setting away, an empty field of a secret leaves it. */
export function sourcePatch(source: IngestSource, values: Record<string, string>): unknown {
  const before = sourceValues(source)
  const changed = editable(source).filter(({ key }) => values[key] !== before[key])
  const settings = Object.fromEntries(changed.map((setting) => [setting.key, valueOf(setting, values[setting.key] ?? '')]))
  return { version: source.version, settings }
}

/** The patch, with JSON that is none named at its field. */
export const SourcePatchForm = IngestSourcePatch.superRefine(({ settings = {} }, check) => {
  for (const [key, value] of Object.entries(settings))
    if (KINDS[key] === 'json' && typeof value === 'string')
      check.addIssue({ code: 'custom', path: ['settings', key], message: 'This is no JSON' })
})
export type SourcePatchForm = z.output<typeof SourcePatchForm>

function textOf(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (Array.isArray(value)) return value.map(String).join('\n')
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2)
}

function valueOf(setting: Setting, text: string): unknown {
  const trimmed = text.trim()
  if (trimmed === '') return null
  if (kindOf(setting) === 'lines') return trimmed.split(/\s*\n\s*/)
  return kindOf(setting) === 'json' ? jsonOf(trimmed) : trimmed
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
