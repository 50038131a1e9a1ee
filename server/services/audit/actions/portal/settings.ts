import type { ActionArea } from '../contract'

/** What an operator sets for the whole portal. */
export const settingsActions = {
  'check_settings.updated': {
    category: 'configuration',
    severity: 'medium',
    sentence: '{actor} changed the settings of checks[: on {switchedOn}][: off {switchedOff}]',
    data: { switchedOn: 'text', switchedOff: 'text', blockLists: 'text' },
  },
} as const satisfies ActionArea
