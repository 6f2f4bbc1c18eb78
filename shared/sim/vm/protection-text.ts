import { Protection } from './memory-constants'

/** Words for a PAGE_* value: `PAGE_READWRITE | PAGE_GUARD`; empty for 0. */
export const protectionText = (protect: number): string =>
  Object.entries(Protection)
    .filter(([, bit]) => (protect & bit) !== 0)
    .map(([name]) => name)
    .join(' | ')
