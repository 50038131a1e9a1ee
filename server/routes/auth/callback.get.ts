import { defineEventHandler } from 'h3'
import { finishSignIn } from '#server/http/identity/sign-in'

export default defineEventHandler(finishSignIn)
