import type { Category } from '#shared/audit-words'

/** What an operator asks for, and the categories behind it. Every category is behind one of them. */
export const CHIPS: readonly { label: string; categories: readonly Category[] }[] = [
  { label: 'Tenants', categories: ['tenant'] },
  { label: 'Partners', categories: ['partner'] },
  { label: 'Flags', categories: ['flags'] },
  { label: 'Users', categories: ['authentication', 'access'] },
  { label: 'Identity', categories: ['identity'] },
  { label: 'Mail', categories: ['mail'] },
  { label: 'Files', categories: ['files', 'content'] },
  { label: 'System', categories: ['configuration', 'data', 'system'] },
]
