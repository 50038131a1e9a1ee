import type { ActionKind, SourceVocabulary } from '../contract'

const FILE = { fileId: 'id', spaceId: 'id', ownerId: 'id' } as const
const SHARE = {
  ...FILE,
  shareId: 'id',
  shareType: 'text',
  granteeId: 'id',
  permissions: 'text',
  expiresAt: 'time',
  hasPassword: 'flag',
} as const
const MEMBER = { userId: 'id', groupId: 'id' } as const

type Rest = Partial<ActionKind> & Pick<ActionKind, 'sentence'>

const file = (rest: Rest): ActionKind => ({ category: 'files', severity: 'low', data: FILE, ...rest })
const share = (rest: Rest): ActionKind => ({ category: 'files', severity: 'medium', data: SHARE, ...rest })
const space = (rest: Rest): ActionKind => ({
  category: 'files',
  severity: 'medium',
  data: { spaceId: 'id', ownerId: 'id', spaceType: 'text' },
  ...rest,
})
const person = (rest: Rest): ActionKind => ({ category: 'identity', severity: 'medium', data: MEMBER, person: true, ...rest })
const grant = (sentence: string): ActionKind =>
  space({ sentence, privilege: true, data: { spaceId: 'id', granteeId: 'id', groupId: 'id' } })

/** Mutations of ownCloud Infinite Scale by the names of its audit service. Names and paths of files and tokens of links never enter. */
export const ocis: SourceVocabulary = {
  known: {
    'ocis.file_create': file({ sentence: '{actor} uploaded a file' }),
    'ocis.container_create': file({ sentence: '{actor} made a folder' }),
    'ocis.file_rename': file({ sentence: '{actor} moved or renamed a file' }),
    'ocis.file_delete': file({ sentence: '{actor} put a file into the trash' }),
    'ocis.file_trash_delete': file({ severity: 'medium', sentence: '{actor} deleted a file for good' }),
    'ocis.file_trash_restore': file({ sentence: '{actor} took a file out of the trash' }),
    'ocis.file_version_restore': file({ sentence: '{actor} put an older version of a file back' }),
    'ocis.file_shared': share({ sentence: '{actor} shared a file[ with a {shareType}]' }),
    'ocis.file_unshared': share({ sentence: '{actor} ended the sharing of a file' }),
    'ocis.share_permission_updated': share({ sentence: '{actor} changed what a share allows', privilege: true }),
    'ocis.share_name_updated': share({ severity: 'low', sentence: '{actor} renamed a share' }),
    'ocis.share_password_updated': share({ sentence: '{actor} changed the password of a link' }),
    'ocis.share_expiration_updated': share({ sentence: '{actor} changed how long a share lasts' }),
    'ocis.share_accepted': share({ severity: 'low', sentence: '{actor} accepted a share' }),
    'ocis.share_declined': share({ severity: 'low', sentence: '{actor} declined a share' }),
    'ocis.public_link_accessed': share({
      severity: 'low',
      sentence: 'Somebody opened a public link',
      failed: 'Somebody tried to open a public link in vain',
    }),
    'ocis.space_created': space({ sentence: '{actor} created a space' }),
    'ocis.space_renamed': space({ severity: 'low', sentence: '{actor} renamed a space' }),
    'ocis.space_updated': space({ severity: 'low', sentence: '{actor} changed a space' }),
    'ocis.space_disabled': space({ sentence: '{actor} disabled a space' }),
    'ocis.space_enabled': space({ sentence: '{actor} enabled a space' }),
    'ocis.space_deleted': space({ severity: 'high', sentence: '{actor} deleted a space' }),
    'ocis.space_shared': grant('{actor} let somebody into a space'),
    'ocis.space_unshared': grant('{actor} took somebody out of a space'),
    'ocis.user_created': person({ sentence: '{actor} created user {resource}' }),
    'ocis.user_deleted': person({ severity: 'high', sentence: '{actor} deleted user {resource}' }),
    'ocis.user_feature_changed': person({
      sentence: '{actor} changed[ {features} of] user {resource}',
      data: { ...MEMBER, features: 'text' },
    }),
    'ocis.group_created': person({ sentence: '{actor} created group {resource}' }),
    'ocis.group_deleted': person({ severity: 'high', sentence: '{actor} deleted group {resource}' }),
    'ocis.group_member_added': person({ sentence: '{actor} added {userId} to group {groupId}', privilege: true }),
    'ocis.group_member_removed': person({ sentence: '{actor} took {userId} out of group {groupId}', privilege: true }),
    'ocis.science_mesh_invite_token_generated': share({
      sentence: '{actor} invited somebody from another organisation',
      personal: { recipient: 'text' },
    }),
  },
  families: {
    '': { category: 'files', severity: 'low', sentence: '{actor}: {action} of OCIS', data: { ...SHARE, ...MEMBER } },
  },
}
