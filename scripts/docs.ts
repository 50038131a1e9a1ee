// npm run docs : writes the pages of docs/ that are made from the code. With --check it only says which are out of date.
import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { DOC_PAGES, renderPage } from './docs/pages'

const checkOnly = process.argv.includes('--check')
for (const page of DOC_PAGES) {
  const file = fileURLToPath(new URL(`../docs/${page.file}`, import.meta.url))
  const text = await renderPage(page)
  const before = await readFile(file, 'utf8').catch(() => '')
  if (before === text) continue
  if (checkOnly) process.exitCode = 1
  else await writeFile(file, text)
  process.stdout.write(`${checkOnly ? 'out of date' : 'written'}: docs/${page.file}\n`)
}
