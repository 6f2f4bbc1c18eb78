import type { Address, Bytes } from '../../shared/base/units'

/** Shown where a value is not available; the reason goes beside it. */
export const NOT_AVAILABLE = '—'

const GROUPS_OF_THREE = /\B(?=(\d{3})+(?!\d))/g

/** 1234567 -> `1,234,567`; fractions are rounded. */
export const formatCount = (value: number): string => String(Math.round(value)).replace(GROUPS_OF_THREE, ',')

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const

/** For prose: three significant digits in binary units, `7.26 MiB`. */
export function formatBytes(bytes: Bytes): string {
  let unit = 0
  let value = Math.abs(bytes)
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024
    unit++
  }
  const digits = unit === 0 || Number.isInteger(value) ? 0 : value >= 100 ? 0 : value >= 10 ? 1 : 2
  return `${bytes < 0 ? '−' : ''}${value.toFixed(digits)} ${UNITS[unit]}`
}

/** A round power of two without fraction, for scales: 65536 -> `64 KiB`. */
export const formatScale = formatBytes

/** 0x2145c70 -> `0x0000'0214'5C70`. */
export function formatAddress(address: Address): string {
  const digits = Math.round(address).toString(16).toUpperCase().padStart(12, '0')
  return `0x${digits.replace(/\B(?=(.{4})+$)/g, "'")}`
}

/** For processes of 32 bits: 0xf0004 -> `0x000F'0004`; longer addresses as formatAddress writes them. */
export const formatShortAddress = (address: Address): string => (address >= 2 ** 32 ? formatAddress(address) : formatAddress(address).replace("0x0000'", '0x'))

/** `+1,024`, `−512`, `0`. */
export function formatDifference(value: number): string {
  const text = formatCount(Math.abs(value))
  return value > 0 ? `+${text}` : value < 0 ? `−${text}` : text
}

/** 0.1234 -> `12.3 %`. */
export const formatShare = (share: number): string => `${(share * 100).toFixed(1)} %`

/** `+4.9 %`; a share of a difference. */
export const formatShareDifference = (share: number): string => `${share > 0 ? '+' : share < 0 ? '−' : ''}${Math.abs(share * 100).toFixed(1)} %`

/** Three to four significant digits, no exponent in everyday ranges. */
export function formatRatio(value: number): string {
  const size = Math.abs(value)
  if (size >= 1000) return formatCount(value)
  return value.toFixed(size >= 100 ? 1 : size >= 10 ? 2 : 3)
}

const SIZE_TEXT = /^\s*([\d,_ ]+(?:\.\d+)?)\s*(b|k|m|g|t)?(?:i?b)?\s*$/i

/** `4096`, `4k`, `1.5 MiB` to bytes; null when it is no size. */
export function parseSize(text: string): Bytes | null {
  const match = SIZE_TEXT.exec(text)
  if (match === null) return null
  const power = ['b', 'k', 'm', 'g', 't'].indexOf((match[2] ?? 'b').toLowerCase())
  const bytes = Number(match[1]!.replace(/[,_ ]/g, '')) * 1024 ** power
  return Number.isFinite(bytes) ? Math.round(bytes) : null
}

/** `0x0000'0214'5C70`, `2145c70h`, `0x2145c70` or bare hex digits to an address; null when it is none. */
export function parseAddress(text: string): Address | null {
  const digits = text.trim().replace(/['`_\s]/g, '').replace(/^0x/i, '').replace(/h$/i, '')
  if (!/^[0-9a-f]{1,14}$/i.test(digits)) return null
  const address = parseInt(digits, 16)
  return Number.isSafeInteger(address) ? address : null
}
