import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { DOC_PAGES, renderPage } from '../../scripts/docs/pages'

describe('the pages that are made from the code', () => {
  it.each(DOC_PAGES.map((page) => [page.file, page] as const))('docs/%s is up to date (npm run docs)', async (file, page) => {
    const text = await readFile(fileURLToPath(new URL(`../../docs/${file}`, import.meta.url)), 'utf8')
    expect(text).toBe(await renderPage(page))
  })

  it('come out the same each time', async () => {
    for (const page of DOC_PAGES) expect(await renderPage(page)).toBe(await renderPage(page))
  })
})
