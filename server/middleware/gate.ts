import { defineEventHandler } from 'h3'
import { passGate } from '#server/http/gate'

export default defineEventHandler(passGate)
