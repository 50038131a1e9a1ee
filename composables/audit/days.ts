const DAY_MS = 86_400_000

/** The day of an instant where the reader is, for comparing: "2026-01-15". */
export function dayOf(at: string): string {
  const date = new Date(at)
  const two = (part: number) => String(part).padStart(2, '0')
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
}

/** A day as a heading: its name, and its date. */
export function dayWords(at: string, nowMs: number): { name: string; date: string } {
  const date = new Date(at)
  const format = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat('en-GB', options).format(date)
  const sameYear = date.getFullYear() === new Date(nowMs).getFullYear()
  return {
    name: nameOf(at, nowMs) ?? format({ weekday: 'long' }),
    date: format({ day: 'numeric', month: 'short', ...(!sameYear && { year: 'numeric' }) }),
  }
}

function nameOf(at: string, nowMs: number): string | null {
  const day = dayOf(at)
  if (day === dayOf(new Date(nowMs).toISOString())) return 'Today'
  // Noon of today less a day is yesterday, whatever the clocks did in between.
  const noon = new Date(nowMs).setHours(12, 0, 0, 0)
  return day === dayOf(new Date(noon - DAY_MS).toISOString()) ? 'Yesterday' : null
}

/** The time of day to the second, "14:02:11". */
export function secondsTime(at: string): string {
  return new Date(at).toLocaleTimeString('en-GB')
}

/** An instant as short as its neighbours allow: the time within a day, else the date as well. */
export function axisTime(ms: number, stepMs: number): string {
  const time: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit' }
  const date: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short' }
  return new Intl.DateTimeFormat('en-GB', stepMs >= DAY_MS ? date : { ...date, ...time }).format(new Date(ms))
}
