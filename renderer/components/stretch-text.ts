import type { Address } from '../../shared/base/units'

export interface AddressStretch {
  readonly from: Address
  readonly to: Address
}

const STRETCH = /^0x([0-9a-f]{1,14})\.\.0x([0-9a-f]{1,14})$/

/** Addresses as a choice of a view: `0x10000..0x12000`, the end left out of the stretch. */
export const stretchText = ({ from, to }: AddressStretch): string => `0x${from.toString(16)}..0x${to.toString(16)}`

/** null for anything else: a view may come from elsewhere. */
export function readStretch(text: unknown): AddressStretch | null {
  const [, low, high] = (typeof text === 'string' ? STRETCH.exec(text) : null) ?? []
  if (low === undefined || high === undefined) return null
  const stretch = { from: parseInt(low, 16), to: parseInt(high, 16) }
  return Number.isSafeInteger(stretch.to) && stretch.to > stretch.from ? stretch : null
}
