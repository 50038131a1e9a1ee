import { defineEventHandler, setResponseHeader } from 'h3'
import { signedOutPage } from '#server/http/identity/pages'

export default defineEventHandler((event) => {
  setResponseHeader(event, 'content-type', 'text/html; charset=utf-8')
  return signedOutPage()
})
