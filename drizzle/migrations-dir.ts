import { fileURLToPath } from 'node:url'

/** Where the migrations of this version lie. Only scripts and tests use it; the built server never migrates. */
export const MIGRATIONS_DIR = fileURLToPath(new URL('./migrations/sqlite', import.meta.url))
