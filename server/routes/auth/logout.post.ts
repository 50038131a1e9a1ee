import { defineEventHandler } from 'h3'
import { leave } from '#server/http/identity/sign-out'

export default defineEventHandler(leave)
