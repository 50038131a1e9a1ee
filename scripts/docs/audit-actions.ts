import { ACTIONS, COMMON_DATA, SOURCES } from '#server/services/audit/actions'
import { classificationOf, RETENTION_CLASSES } from '#server/services/audit/actions/classification'
import type { ActionArea, ActionKind } from '#server/services/audit/actions/contract'
import { SOURCE_IDS } from '#shared/audit-words'
import { table, type DocPage } from './contract'

const INTRO = `# What the audit log records

Every event has an action: a dotted verb of the catalogue that this page is made from by \`npm run docs\`. An action says its category, its
severity, how the timeline tells it, and the closed list of what an event may hold; anything else is dropped and counted. Keys marked \`*\` are
personal: they are sealed beside the event under the key of a person, and the event says of a change only that there was one. The
actor's name, address, IP and user agent are always sealed so. A change is told as \`key.before\` and \`key.after\`. Any event may hold
${list(COMMON_DATA)}: the request that it belongs to, and the id of the one for whom the actor acted.

\`P\` in the last column: the event tells of a person, or holds a person's data (LGPD, GDPR). Events of the classes security, change and
evidence serve ISO 27001 (A.8.15, A.5.28).`

const CLASSES = `## Retention classes\n\n${table(['Class', 'What'], Object.entries(RETENTION_CLASSES))}`

const UNKNOWN = `## What a source says

An action of a source is the source's own word behind its name, in lower case, at most 80 characters; what is not a letter, digit, dot,
hyphen or underscore becomes an underscore. One that no line names is kept, by the longest beginning that fits.`

const TITLES: Record<(typeof SOURCE_IDS)[number], string> = {
  authentik: 'Authentik',
  stalwart: 'Stalwart',
  ocis: 'ownCloud Infinite Scale',
  generic: 'Any sender',
}

function list(kinds: ActionKind['data'] = {}, mark = ''): string {
  return Object.entries(kinds)
    .map(([key, kind]) => `\`${key}\`${mark} ${kind}`)
    .join(', ')
}

const HEAD = ['Action', 'Category', 'Severity', 'Told as', 'Holds', 'Class']

function row(name: string, kind: ActionKind): string[] {
  const { retention, personalData } = classificationOf(kind)
  const holds = [list(kind.data), list(kind.personal, '*')].filter((part) => part !== '').join(', ')
  return [name, kind.category, kind.severity, kind.sentence, holds, personalData ? `${retention}, P` : retention]
}

const rowsOf = (area: ActionArea) => Object.entries(area).map(([action, kind]) => row(`\`${action}\``, kind))

/** The catalogue of actions. */
export const auditActionsPage: DocPage = {
  file: 'audit-actions.md',
  render() {
    const sources = SOURCE_IDS.map((id) => {
      const { known, families } = SOURCES[id]
      const others = Object.entries(families).map(([beginning, kind]) => row(`any other \`${beginning || `${id}.`}…\``, kind))
      return `### ${TITLES[id]}\n\n${table(HEAD, [...rowsOf(known), ...others])}`
    })
    return [INTRO, CLASSES, `## The portal\n\n${table(HEAD, rowsOf(ACTIONS))}`, UNKNOWN, ...sources].join('\n\n')
  },
}
