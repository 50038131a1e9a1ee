import { defineEventHandler } from 'h3'
import { beginSignIn } from '#server/http/identity/sign-in'

export default defineEventHandler(beginSignIn)
