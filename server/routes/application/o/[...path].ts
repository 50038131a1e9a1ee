import { defineEventHandler } from 'h3'
import { serveIdentity } from '#server/http/identity/serve'

export default defineEventHandler(serveIdentity)
