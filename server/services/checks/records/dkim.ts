import type { CheckTarget, Verdict } from '../collectors/contract'
import { readDeclaredKey, readPublishedKey } from '../evaluate/dkim-key'
import { parseTagList } from '../evaluate/tag-list'
import { foundAtSelector } from '../reasons/dns-dkim'
import { aliasTarget, fixOfMissing, isSeen, type PlannedSet, type RecordKind } from './contract'

/** Tags that weaken a key or keep it from being used; a good record goes without. */
const HARMFUL = ['g', 'h', 's', 't']
const ASK_FOR_KEY = 'Only the mail host knows this key. Enter it in the domain, and its record stands here.'

/** The record itself where nothing is wrong with it; where only what surrounds the key is, the key alone; else null. */
function mended(text: string, declared: string | undefined): string | null {
  const { tags, duplicate, broken, first } = parseTagList(text.replace(/["\\]/g, ''))
  const type = tags.get('k') ?? 'rsa'
  if (duplicate || broken || (type !== 'rsa' && type !== 'ed25519')) return null
  const key = readPublishedKey(type, tags.get('p') ?? '')
  if (!key || (declared && readDeclaredKey(declared)?.identity !== key.identity)) return null
  const isGood = !HARMFUL.some((tag) => tags.has(tag)) && !/["\\]/.test(text) && (!tags.has('v') || first === 'v')
  return isGood ? text : `v=DKIM1; k=${type}; p=${tags.get('p')?.replace(/\s+/g, '')}`
}

function plannedKey(
  target: CheckTarget,
  { selector, publicKey }: CheckTarget['dkim'][number],
  verdict: Verdict | undefined,
): PlannedSet {
  const name = `${selector}._domainkey.${target.domain}`
  const found = isSeen(verdict) ? foundAtSelector(verdict, selector) : []
  const alias = isSeen(verdict) ? aliasTarget(verdict, name) : null
  const good = found.length === 1 ? mended(found[0]!, publicKey) : null
  if (alias && good !== null && good === found[0])
    return { name, type: 'CNAME', found: [`${alias}.`], wanted: [`${alias}.`], note: null }
  const declared = publicKey ? fixOfMissing('dns_dkim', target, { selector })?.record?.value : undefined
  const value = good ?? declared ?? null
  const note = value === null ? ASK_FOR_KEY : alias && `In the place of the alias of ${alias}, which has to go.`
  return { name, type: 'TXT', found, wanted: value === null ? [] : [value], note }
}

export const dkim: RecordKind = {
  label: 'DKIM',
  check: 'dns_dkim',
  plan: (target, { dns_dkim: verdict }) => target.dkim.map((key) => plannedKey(target, key, verdict)),
}
