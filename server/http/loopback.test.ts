import { expect, it } from 'vitest'
import { isLoopback } from './loopback'

it.each(['localhost', 'LOCALHOST', 'vigia.localhost', '127.0.0.1', '127.9.9.9', '::1', '[::1]', '::ffff:127.0.0.1'])(
  'knows %s as this machine',
  (host) => expect(isLoopback(host)).toBe(true),
)

it.each(['0.0.0.0', '::', '192.0.2.1', 'localhost.example', 'notlocalhost', '127.0.0.1.example', ''])(
  'does not take %s for this machine',
  (host) => expect(isLoopback(host)).toBe(false),
)
