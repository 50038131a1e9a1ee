// A bare node:http server that answers the same bytes from memory: what the driver and the machine can do at best.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

const { STATUS, BYTES } = process.env
const body = Buffer.alloc(Number(BYTES), 'x')
const server = createServer((_, response) => {
  response.writeHead(Number(STATUS), { 'content-type': 'application/json', 'content-length': body.length })
  response.end(body)
})
server.listen(0, '127.0.0.1', () => process.send!({ port: (server.address() as AddressInfo).port }))
process.on('disconnect', () => process.exit())
