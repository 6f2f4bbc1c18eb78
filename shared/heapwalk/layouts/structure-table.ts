/** Windows builds whose structures are known, oldest first; see `buildOf` in choose-layout.ts. */
export const BUILD_KEYS = [
  'win7', 'win8', 'win81_rtm', 'win81', 'win10_1507', 'win10_1511', 'win10_1607', 'win10_1703', 'win10_1709', 'win10_1803',
  'win10_1809', 'win10_1809_upd', 'win10_1903', 'win10_2004', 'win11_21H2', 'win11_22H2', 'win11_24H2',
] as const
export type BuildKey = (typeof BUILD_KEYS)[number]
export type Bits = 64 | 32

export interface StructureLayout {
  readonly builds: readonly BuildKey[]
  /** Bytes; 0 where only some members are known. */
  readonly size: number
  readonly confidence: 'high' | 'medium' | 'low'
  /** Byte offset by member name. */
  readonly offsets: Readonly<Record<string, number>>
}

export type StructureTable = Readonly<Record<'x64' | 'x86', Readonly<Record<string, readonly StructureLayout[]>>>>
