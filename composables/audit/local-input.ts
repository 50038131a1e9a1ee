/** An instant as a `datetime-local` field wants it: local, without a zone, to the second. */
export function localInput(at: string | undefined): string {
  if (at === undefined) return ''
  const ms = Date.parse(at)
  return new Date(ms - new Date(ms).getTimezoneOffset() * 60_000).toISOString().slice(0, 19)
}
