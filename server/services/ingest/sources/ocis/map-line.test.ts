import { describe, expect, it } from 'vitest'
import { isChange, mapLine, type TenantsOf } from './map-line'
import { type AuditLine, readLine } from './read-line'

const NOBODYS: TenantsOf = { spaces: {}, users: {} }
const [SPACE, ITEM] = ['9f3c0d1e-2b4a-4c6d-8e0f-a1b2c3d4e5f6', 'aa11']
const FILE = `1284d238$${SPACE}!${ITEM}`

const line = (fields: Record<string, unknown>): AuditLine =>
  readLine(JSON.stringify({ App: 'admin_audit', Message: '', Action: '', Time: '2026-03-01T09:15:04Z', ...fields }))!
const map = (fields: Record<string, unknown>, tenants = NOBODYS) =>
  mapLine(line(fields), { externalId: 'e', receivedAt: 7 }, tenants)
const dataOf = (fields: Record<string, unknown>) => JSON.parse(JSON.stringify(map(fields).data)) as unknown

describe('a line', () => {
  it.each([
    '',
    'file_delete)',
    "   user 'x' trashed file 'y'",
    '[]',
    'null',
    '{}',
    '{"level":"error","service":"audit","time":"2026-03-01T09:15:05Z","message":"x"}',
    '{"App":"admin_audit","Action":"file_create"',
    '{"App":"admin_audit","Action":7,"Message":"","Time":""}',
  ])('%s is none of the audit service', (text) => {
    expect(readLine(text)).toBeNull()
  })

  it.each([
    ['file_read', false],
    ['file_viewed', false],
    ['thumbnail_previewed', false],
    ['file_create', true],
    ['public_link_accessed', true],
    ['file_teleported', true],
    ['', true],
  ])('with action %s tells of a change: %s', (Action, expected) => {
    expect(isChange(line({ Action }))).toBe(expected)
  })
})

describe('the actor', () => {
  it.each([
    ['of a file is in the sentence, not its owner', 'file_create', "user 'anna' created file 'x'", 'owner', 'ocis:anna'],
    ['of a space', 'space_created', "user 'anna' created a space 's' with name 'O'Neill' (…)", '', 'ocis:anna'],
    ['of a right', 'user_feature_changed', "user 'anna' changed user bert's features: ", '', 'ocis:anna'],
    ['of a share is the user', 'file_shared', "user 'x' shared file", 'anna', 'ocis:anna'],
    ['of an accepted share is the grantee', 'share_accepted', "user 'x' accepted", 'anna', 'ocis:anna'],
    ['of an ended link is in the sentence', 'file_unshared', "user 'anna' removed a public link with id ''", 'anna', 'ocis:anna'],
    ['of an ended share is not told', 'file_unshared', "share id:'s' uid:'owner' item-id:'i' was removed", 'owner', 'ocis'],
    [
      'of an opened link is a stranger, not who shared it',
      'public_link_accessed',
      "link with token 't' was accessed",
      'sharer',
      'anonymous',
    ],
    ['of what nobody names', '', '', 'owner', 'ocis'],
  ])('%s', (_, Action, Message, User, id) => {
    expect(map({ Action, Message, User }).actor).toMatchObject({ id, type: id.includes(':') ? 'user' : 'service' })
  })
})

describe('the time', () => {
  it.each([
    ['2026-03-01T09:15:04Z', Date.UTC(2026, 2, 1, 9, 15, 4)],
    ['', 7],
    ['0001-01-01T00:00:00Z', 7],
    ['yesterday', 7],
    ['9999-12-31T23:59:59Z', Date.UTC(9999, 11, 31, 23, 59, 59)],
    ['1601-01-01T00:00:00Z', Date.UTC(1601, 0, 1)],
  ])('%s is %d', (Time, at) => {
    expect(map({ Time }).at).toBe(at)
  })
})

describe('what is told', () => {
  it('of a file is its id, without the path that may stand behind it', () => {
    expect(dataOf({ Action: 'file_create', FileID: `${FILE}/Angebot 2026.pdf`, Path: './Angebot 2026.pdf' })).toEqual({
      fileId: FILE,
      spaceId: SPACE,
    })
  })

  it.each(['Angebot 2026.pdf', './x', `p$s!`, `p$s!/name.txt`, 'p$s!i\u0000/x', 'name.pdf'])(
    'of FileID %s is nothing',
    (FileID) => {
      expect(dataOf({ Action: 'file_create', FileID })).toEqual({})
    },
  )

  it('of a link that was removed is not its token, which stands where the id of a share would', () => {
    expect(
      dataOf({
        Action: 'file_unshared',
        ShareID: 'SecretToken',
        Message: "user 'a' removed a public link with id 'SecretToken'",
      }),
    ).toEqual({})
    expect(
      dataOf({ Action: 'file_unshared', ShareID: 'shr-9', Message: "share id:'shr-9' uid:'' item-id:'' was removed" }),
    ).toEqual({
      shareId: 'shr-9',
    })
    expect(dataOf({ Action: 'public_link_accessed', ShareID: 'tok', ShareToken: 'tok' })).toEqual({})
  })

  it('of a share is with whom and what it allows, in words of a closed form', () => {
    const share = {
      Action: 'file_shared',
      ShareType: 'link',
      SharePass: true,
      ExpirationDate: '2026-04-01T00:00:00Z',
      ShareToken: 'tok',
    }
    expect(dataOf({ ...share, Permissions: 'stat:true list_container:false', ShareWith: 'bert' })).toEqual({
      shareType: 'link',
      hasPassword: true,
      expiresAt: Date.UTC(2026, 3, 1),
      permissions: 'stat:true list_container:false',
      granteeId: 'bert',
    })
    expect(dataOf({ ...share, ShareType: 'anything', Permissions: 'a secret', ShareWith: 'bert@elsewhere.example' })).toEqual({
      hasPassword: true,
      expiresAt: Date.UTC(2026, 3, 1),
    })
  })

  it('of a changed user is which features, of which only yes or no', () => {
    const Features = [{ Name: 'accountEnabled', Value: 'false' }, { Name: 'displayName', Value: 'Anna' }, { Name: 'a b' }, null]
    expect(dataOf({ Action: 'user_feature_changed', UserID: 'bert', Features })).toEqual({
      userId: 'bert',
      features: 'accountEnabled=false, displayName',
    })
  })
})

describe('the tenant', () => {
  const tenants: TenantsOf = { tenant: 'whole', spaces: { [SPACE]: 'by-space' }, users: { anna: 'by-actor', owner: 'by-owner' } }
  it.each([
    [{ FileID: FILE, Message: "user 'anna' created file" }, ['by-space', 'by-actor', 'whole']],
    [{ SpaceID: `p$${SPACE}`, Owner: 'owner' }, ['by-space', 'by-owner', 'whole']],
    [{ FileID: 'cc33', Owner: 'owner' }, ['by-owner', 'whole']],
    [{ FileID: 'constructor', Owner: 'toString' }, ['whole']],
  ])('of %j is looked for in %j', (fields, slugs) => {
    expect(map({ Action: 'file_create', ...fields }, tenants).tenantHints).toEqual(slugs.map((slug) => ({ slugs: [slug] })))
  })
})

describe('the thing that it is about', () => {
  it.each([
    [
      { Action: 'file_create', FileID: FILE },
      { type: 'file', id: FILE },
    ],
    [
      { Action: 'space_deleted', SpaceID: `p$${SPACE}` },
      { type: 'space', id: SPACE },
    ],
    [
      { Action: 'group_member_added', GroupID: 'g', UserID: 'u' },
      { type: 'group', id: 'g' },
    ],
    [
      { Action: 'user_created', UserID: 'u' },
      { type: 'user', id: 'u' },
    ],
    [
      { Action: '', FileID: 'cc33', ShareID: 'shr-10' },
      { type: 'share', id: 'shr-10' },
    ],
    [{ Action: 'public_link_accessed' }, { type: 'file_server', id: 'ocis' }],
  ])('of %j is %j', (fields, resource) => {
    expect(map(fields).resource).toEqual(resource)
  })
})
