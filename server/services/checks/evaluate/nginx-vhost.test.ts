import { describe, expect, it } from 'vitest'
import { targetOf } from '../../../../tests/helpers/check-facts'
import { answersAll, look } from '../../../../tests/reasons/nginx-vhost'
import { evaluateNginxVhost } from './nginx-vhost'

describe('nginx_vhost', () => {
  it('keeps no text of a page in its evidence', () => {
    const seen = { host: 'mail.example.org', marker: 'our-login', frontends: [look(answersAll)], canaryOk: true }
    expect(JSON.stringify(evaluateNginxVhost(seen, targetOf()))).not.toContain('hello')
  })
})
