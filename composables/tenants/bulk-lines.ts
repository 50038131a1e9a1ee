/** The names in a pasted text: one a line, or parted by blanks, commas or semicolons; `#` starts a comment. */
export function pastedDomains(text: string): string[] {
  return text
    .split('\n')
    .flatMap((line) => line.replace(/#.*$/, '').split(/[\s,;]+/))
    .filter((name) => name !== '')
}
