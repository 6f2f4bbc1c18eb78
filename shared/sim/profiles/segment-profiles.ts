import type { ParameterValue } from '../../model/run'
import type { HeapDefinition, HeapProfile } from './catalog'
import type { FigureSource } from './figure-source'
import { SPACE_BYTES_32, SPACE_BYTES_64 } from './fit-parameters'
import { SEVERAL_FIGURES, SEVERAL_VALUES } from './several-heaps'
import { segmentHeapRules } from './who-gets-it'
import { segmentParameters, type SEGMENT_BUILDS } from './segment-parameters'

const YASON = 'Yason: "Windows 10 Segment Heap Internals" (2016, build 14295)'
const INTERNALS = '"Windows Internals", 7th edition'
const DECOMPILED = 'published decompilations of ntdll, builds 19041 to 22621'
const OURS = 'a choice of this simulator; no source tells it'

const high = (source: string): FigureSource => ({ source, confidence: 'high' })
const medium = (source: string): FigureSource => ({ source, confidence: 'medium' })
const low = (source: string): FigureSource => ({ source, confidence: 'low' })

/** Since 1709 a second context serves what the first does not, up to about 8 MB. */
const SECOND_CONTEXT: readonly Build[] = ['win10_1709', 'win10_1803', 'win10_1809', 'win10_1809_upd', 'win10_1903', 'win10_2004', 'win11_21H2', 'win11_22H2', 'win11_24H2']

type Build = (typeof SEGMENT_BUILDS)[number]

const VALUES: Readonly<Record<string, ParameterValue>> = {
  ...SEVERAL_VALUES,
  lfh: true,
  activeAt: 17,
  activeAtTotal: 2040,
  affinitySlots: 8,
  affinityAt: 16,
  lfhLargest: 16_368,
  vsLargest: 131_072,
  pageLargest: 520_192,
  padding: 0,
  guardPages: true,
  keepPages: 64,
  keepShift: 5,
  vsDecommitPages: 16,
  baseSpread: 32,
  seed: 1,
  realloc: 'in-place-forward',
}

const FIGURES: Readonly<Record<string, FigureSource>> = {
  ...SEVERAL_FIGURES,
  activeAt: high(YASON),
  activeAtTotal: high(YASON),
  affinitySlots: low(`${OURS}; ${YASON} has one slot at first and more on contention`),
  affinityAt: low(OURS),
  lfhLargest: high(`${YASON}; ${INTERNALS}`),
  vsLargest: high(`${YASON}; ${INTERNALS}`),
  pageLargest: high(`${YASON}; ${INTERNALS}: 508 KB for Windows 10 1507 to 1703`),
  padding: low(`${OURS}; ${YASON} adds 16 bytes in processes that do not use the heap by default`),
  guardPages: high(YASON),
  keepPages: low(`${OURS}; the real heap decommits lazily too`),
  keepShift: low(`${OURS}; the contexts have fields CachedCommitSoftShift and CachedCommitHighShift, their values and rule are not known`),
  vsDecommitPages: low(OURS),
  baseSpread: low(`${YASON} names a random multiple of 64 KB; how many is not told, 5 bits is what the address space layout of 32-bit heaps has`),
  seed: low(OURS),
  realloc: low('no source tells how blocks are resized; a shrinking chunk gives its tail back, a growing one takes the free chunk behind, a slot stays while its bucket fits'),
}

function profile(build: Build, bits: 64 | 32, title: string): HeapProfile {
  const hasSecond = SECOND_CONTEXT.includes(build)
  const name = build.replace('_', '-').replace('_', '-').toLowerCase()
  const second = hasSecond
    ? { wideLargest: medium('a course outline: "about 8 MB"; as many units as the first context allows, 127 of 256, are 8,323,072 bytes'), pageLargest: medium(`${YASON} for builds before; ${DECOMPILED} show the second context, whose limit in the dump is MaxAllocationSize`) }
    : { wideLargest: high(`${YASON}: larger blocks are reservations of their own`) }
  const narrow: Readonly<Record<string, FigureSource>> = bits === 64 ? {} : { lfhLargest: low('taken over from 64 bits; no source tells the 32-bit limit'), vsLargest: low('taken over from 64 bits'), pageLargest: low('taken over from 64 bits') }
  return {
    id: bits === 64 ? name : `${name}-x86`,
    title: `${title}, ${bits} bits`,
    values: { ...VALUES, build, bits: String(bits), wideLargest: hasSecond ? 8_323_072 : 0, capacity: bits === 64 ? SPACE_BYTES_64 : SPACE_BYTES_32 },
    source: `${YASON}; ${DECOMPILED}; published structure lists of this build. A program that is opted in; each figure has its own source.`,
    figures: { ...FIGURES, ...second, ...narrow },
  }
}

const TITLES: readonly (readonly [Build, string])[] = [
  ['win10_1507', 'Windows 10 1507'],
  ['win10_1511', 'Windows 10 1511'],
  ['win10_1607', 'Windows 10 1607'],
  ['win10_1703', 'Windows 10 1703'],
  ['win10_1709', 'Windows 10 1709'],
  ['win10_1803', 'Windows 10 1803'],
  ['win10_1809', 'Windows 10 1809, first revisions'],
  ['win10_1809_upd', 'Windows 10 1809'],
  ['win10_1903', 'Windows 10 1903 and 1909'],
  ['win10_2004', 'Windows 10 2004 to 22H2'],
  ['win11_21H2', 'Windows 11 21H2'],
  ['win11_22H2', 'Windows 11 22H2 and 23H2'],
  ['win11_24H2', 'Windows 11 24H2'],
]

/** Builds whose 32-bit structures are published. */
const NARROW_BUILDS = TITLES.filter(([build]) => build.startsWith('win10'))

const segmentProfiles: readonly HeapProfile[] = [
  ...TITLES.map(([build, title]) => profile(build, 64, title)),
  ...NARROW_BUILDS.map(([build, title]) => profile(build, 32, title)),
]

export const segmentHeap: HeapDefinition = {
  id: 'segment-heap',
  title: 'Windows Segment Heap',
  summary: 'Frequent small sizes in randomly chosen slots, others best fit in chunks, larger ones in whole pages, the largest with reservations of their own.',
  source: 'Yason: "Windows 10 Segment Heap Internals" (2016); published structure lists and decompilations; not measured on Windows.',
  servedTo: segmentHeapRules,
  parameters: segmentParameters,
  profiles: segmentProfiles,
  defaultProfile: 'win11-22h2',
}
