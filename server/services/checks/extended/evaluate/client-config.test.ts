import { expect, it } from 'vitest'
import { clientConfigOf } from '../../../../../tests/helpers/client-config'
import { readClientConfig } from './client-config'

it('names every server with its kind of TLS', () => {
  expect(readClientConfig(clientConfigOf('imap.example.net', 'SSL'))).toEqual([
    { host: 'imap.example.net', socketType: 'ssl' },
    { host: 'imap.example.net', socketType: 'ssl' },
  ])
})

const BOMB = `<!DOCTYPE x [<!ENTITY a "${'a'.repeat(100)}">${Array.from({ length: 10 }, (_, i) => `<!ENTITY b${i} "${'&a;'.repeat(50)}">`).join('')}]><x>&b9;</x>`

it.each([
  ['nothing', ''],
  ['a page', '<html><body>hello</body></html>'],
  ['no XML', 'hello & goodbye <'],
  ['cut in the middle', clientConfigOf('imap.example.net', 'SSL').slice(0, 200)],
  ['no server', '<clientConfig><emailProvider id="x"></emailProvider></clientConfig>'],
  ['servers for reading alone', clientConfigOf('a', 'SSL').replaceAll('outgoingServer', 'otherServer')],
  ['entities that grow', BOMB],
  ['the prototype', '<__proto__><clientConfig/></__proto__>'],
  ['deep nesting', '<a>'.repeat(5_000) + '</a>'.repeat(5_000)],
])('does not take %s for a configuration', (_, xml) => {
  expect(readClientConfig(xml)).toBeNull()
})
