const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** A length of time in its one or two largest units: "40 s", "9 min", "2 h 10 min", "12 d". Takes milliseconds. */
export function durationWords(ms: number): string {
  const length = Math.max(0, ms)
  if (length < MINUTE) return `${Math.round(length / SECOND)} s`
  if (length < HOUR) return `${Math.floor(length / MINUTE)} min`
  if (length >= 2 * DAY) return `${Math.floor(length / DAY)} d`
  const hours = Math.floor(length / HOUR)
  const minutes = Math.floor((length % HOUR) / MINUTE)
  return hours >= 6 || minutes === 0 ? `${hours} h` : `${hours} h ${minutes} min`
}

/** An instant against now: "3 min ago", "in 9 min", "just now"; `bare` leaves the direction out. */
export function relativeTime(at: string, nowMs: number, options: { bare?: boolean } = {}): string {
  const ageMs = nowMs - Date.parse(at)
  if (Number.isNaN(ageMs)) return '–'
  if (options.bare) return durationWords(Math.abs(ageMs))
  if (Math.abs(ageMs) < 5 * SECOND) return 'just now'
  return ageMs > 0 ? `${durationWords(ageMs)} ago` : `in ${durationWords(-ageMs)}`
}

/** An instant in full with its zone, for a tooltip: "20 Nov 2026, 14:02:11 WET". */
export function absoluteTime(at: string): string {
  const date = new Date(at)
  if (Number.isNaN(date.getTime())) return at
  return new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'long' }).format(date)
}

/** The time of day, "14:02". */
export function clockTime(ms: number): string {
  return new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' }).format(new Date(ms))
}
