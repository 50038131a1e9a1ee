import { hash } from 'node:crypto'

export const sha256Hex = (bytes: string | Buffer): string => hash('sha256', bytes, 'hex')

/** By way of text, a character for each byte: a Buffer that Node makes for a hash costs three times as much. */
export const sha256 = (bytes: string | Buffer): Buffer => Buffer.from(hash('sha256', bytes, 'binary'), 'binary')
