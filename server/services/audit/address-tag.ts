import type { SecretBox } from '#server/platform/secrets'
import { keeping } from './kept'

/** People come from the same few. */
const KEPT = 5_000

const tagsOf = new WeakMap<SecretBox, (ip: string) => string>()

/** The keyed tag by which the events of an IP address are found, hex. */
export function addressTag(secrets: SecretBox, ip: string): string {
  const tagOf = tagsOf.get(secrets) ?? keeping(KEPT, (address) => secrets.tag('ip', address))
  tagsOf.set(secrets, tagOf)
  return tagOf(ip)
}
