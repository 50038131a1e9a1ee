const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const

/** An amount of bytes in the unit that fits: `1.5 GB`, `812 MB`. Decimal units, as disks are sold. */
export function bytesWords(bytes: number): string {
  const power = Math.min(Math.max(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), 0), UNITS.length - 1)
  const amount = bytes / 1000 ** power
  return `${amount < 10 && power > 0 ? amount.toFixed(1) : Math.round(amount)} ${UNITS[power]}`
}
