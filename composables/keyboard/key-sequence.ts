const SEQUENCE_MS = 1200

interface KeyPress {
  key: string
  /** Milliseconds of any one clock. */
  at: number
}

/**
 * Follows key presses and names the combination that they complete: "/" or, after `g`, "g o".
 * A first key waits 1.2 s for its second; a second that completes nothing counts as a first.
 */
export function keySequence(known: (combination: string) => boolean) {
  let before: KeyPress | null = null
  return (press: KeyPress): string | null => {
    const two = before && press.at - before.at <= SEQUENCE_MS ? `${before.key} ${press.key}` : null
    before = null
    if (two && known(two)) return two
    if (known(press.key)) return press.key
    before = press
    return null
  }
}
