import { describe, expect, it } from 'vitest'
import { extendedTargetOf, zoneWorld } from '../../../../../tests/helpers/extended'
import { mailWorld } from '../../../../../tests/helpers/mail-facts'
import { shown, zone } from '../../../../../tests/reasons/extended/dane'
import { dane } from '../dane'

describe('dane', () => {
  it('leaves a server in peace that promises nothing', async () => {
    const mail = mailWorld(() => shown())
    await dane.collect(zoneWorld(zone('nodata'), { mail }), extendedTargetOf())
    expect(mail.looks).toEqual([])
  })
})
