import { describe, expect, it } from 'vitest'
import { verdictIn, zoneWorld } from '../../../../../tests/helpers/extended'
import { ONE, says, V4, WELL } from '../../../../../tests/reasons/extended/block-lists'
import { blockLists } from '../block-lists'

describe('block_lists', () => {
  it('never takes an error code for a listing, whatever else stands there', async () => {
    for (const code of ['127.255.255.252', '127.255.255.254', '127.255.255.255']) {
      const world = zoneWorld({ ...WELL, ...says(ONE, V4, [code, '127.0.0.2']) }, { blockLists: () => Promise.resolve([ONE]) })
      expect(await verdictIn(blockLists, world)).toMatchObject({ status: 'unknown', reason: 'list-refuses', params: { code } })
    }
  })
})
