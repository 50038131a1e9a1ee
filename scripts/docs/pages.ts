import { auditActionsPage } from './audit-actions'
import type { DocPage } from './contract'
import { reasonsPage } from './reasons'

/** Every page that is made from the code; a new one is a file and a line here. */
export const DOC_PAGES: readonly DocPage[] = [auditActionsPage, reasonsPage]

/** The text of a page as it stands in docs/. */
export async function renderPage(page: DocPage): Promise<string> {
  return `${await page.render()}\n`
}
