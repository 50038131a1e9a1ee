import { defineConfig } from 'drizzle-kit'

export default defineConfig({
  dialect: 'sqlite',
  schema: './drizzle/schema/sqlite/index.ts',
  out: './drizzle/migrations/sqlite',
})
