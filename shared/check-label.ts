import { CHECK_LABELS, CheckId } from './schemas/checks'
import { EXTENDED_LABELS, ExtendedId } from './schemas/extended'

/** What people call a check, of the eight or beyond; one of another version by its id. */
export function checkLabel(id: string): string {
  const { data: eighth } = CheckId.safeParse(id)
  const { data: extended } = ExtendedId.safeParse(id)
  return eighth ? CHECK_LABELS[eighth].long : extended ? EXTENDED_LABELS[extended] : id
}
