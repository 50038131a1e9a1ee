import { hash } from 'node:crypto'

export const sha256Hex = (bytes: string | Buffer): string => hash('sha256', bytes, 'hex')

/** By way of text: a Buffer that Node makes for a hash costs more than to write it as hex and read it again. */
export const sha256 = (bytes: string | Buffer): Buffer => Buffer.from(sha256Hex(bytes), 'hex')
