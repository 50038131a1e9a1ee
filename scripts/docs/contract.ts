/** A page of docs/ that is made from the code. */
export interface DocPage {
  /** Its name in docs/. */
  file: string
  /** Its text in Markdown, the same for the same code. */
  render(): string | Promise<string>
}

/** A cell of a Markdown table: one line, its bars escaped. */
export function cell(text: string): string {
  return text.replace(/\s*\n\s*/g, '<br>').replaceAll('|', '\\|')
}

/** A Markdown table. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}
