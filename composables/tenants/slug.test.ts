import { describe, expect, it } from 'vitest'
import { Slug } from '#shared/schemas/tenants'
import { proposeSlug } from './slug'

describe('proposeSlug', () => {
  it.each([
    ['Quinta do Vale, Lda.', 'quinta-do-vale-lda'],
    ['Clínica São Rafael', 'clinica-sao-rafael'],
    ['  Nordlys ApS  ', 'nordlys-aps'],
    ['Smørrebrød & Sønner', 'smorrebrod-sonner'],
    ['株式会社', ''],
    [`${'a'.repeat(62)} b`, 'a'.repeat(62)],
  ])('proposes for %s', (name, slug) => {
    expect(proposeSlug(name)).toBe(slug)
    if (slug !== '') expect(Slug.safeParse(slug).success).toBe(true)
  })
})
