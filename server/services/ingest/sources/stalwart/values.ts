import { isIP } from 'node:net'
import { isLosslessNumber, type LosslessNumber } from 'lossless-json'

/** What a value of `data` must be to be told; anything else is left out. */
export type Read<T> = (value: unknown) => T | undefined

const isNumber = (value: unknown): value is LosslessNumber => isLosslessNumber(value)

/** Digits as they came: span and queue ids are beyond 2^53. */
export const id: Read<string> = (value) => {
  const text = isNumber(value) ? value.value : value
  return typeof text === 'string' && /^[\w.@:+=-]{1,128}$/.test(text) ? text : undefined
}

/** A whole number; a duration may come with a fraction. */
export const count: Read<number> = (value) => {
  const number = isNumber(value) ? Math.round(Number(value.value)) : NaN
  return Number.isSafeInteger(number) ? number : undefined
}

export const flag: Read<boolean> = (value) => (typeof value === 'boolean' ? value : undefined)

/** Milliseconds since 1970. */
export const time: Read<number> = (value) => {
  const ms = typeof value === 'string' ? Date.parse(value) : NaN
  return Number.isSafeInteger(ms) ? ms : undefined
}

/** A word of Stalwart’s own: the name of a listener, a policy. */
export const word: Read<string> = (value) => (typeof value === 'string' && /^[\w.-]{1,64}$/.test(value) ? value : undefined)

/** The name of a host or domain, in any script. */
export const host: Read<string> = (value) =>
  typeof value === 'string' && /^[\p{L}\p{M}\p{N}._:-]{1,253}$/u.test(value) ? value : undefined

/** Stalwart’s own sentences are of letters alone; what a client or another server said would not be. */
export const reason: Read<string> = (value) =>
  typeof value === 'string' && /^[A-Za-z][A-Za-z ,'-]{0,99}$/.test(value) ? value : undefined

/** The type of a nested event. */
export const nestedType: Read<string> = (value) =>
  value && typeof value === 'object' && 'type' in value ? word(value.type) : undefined

/** A mail address or the name of an account; the null sender `<>` is nobody. */
export const account: Read<string> = (value) =>
  typeof value === 'string' && value !== '' && value !== '<>' && value.length <= 320 ? printable(value) : undefined

/** One address or several. */
export const accounts = (value: unknown): string[] =>
  (Array.isArray(value) ? value : [value]).map(account).filter((one) => one !== undefined)

export const address: Read<string> = (value) => (typeof value === 'string' && isIP(value) !== 0 ? value : undefined)

/** The domain of a mail address; of a domain the domain itself. */
export const domainOf = (mailAddress: string) => mailAddress.slice(mailAddress.lastIndexOf('@') + 1).toLowerCase()

/** A control character in a name would break lines wherever it is shown. */
const printable = (text: string) => text.replace(/\p{Cc}/gu, '\uFFFD')
