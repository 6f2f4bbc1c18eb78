import { segmentHeap } from './segment-profiles'
import { ntLfhProfiles, ntXpProfiles } from './nt/nt-profiles'

/*
 * The Windows versions a simulated process can be one of. A version says which manager the heaps of a process have and
 * with which profile; a Segment Heap process also has NT heaps, for those that are not growable.
 *
 *   nt31                    the article's Windows NT 3.1 (the default)
 *   xp-x86, 7-x64, 10-x64   NT heaps
 *   10-2004-x64-segment     the same Windows, the program opted in to the Segment Heap
 */
export interface WindowsVersion {
  /** What console, scripts and command line call it. */
  readonly id: string
  /** `Windows 10, 64 bits`. */
  readonly title: string
  /** Heap manager in words, for lists and badges. */
  readonly manager: string
  readonly bits: 32 | 64
  readonly heap: 'kath-nt31' | 'nt-xp' | 'nt-lfh' | 'segment-heap'
  readonly profile: string
  /** Profile of the NT heaps a Segment Heap process has beside. */
  readonly ntProfile: string
  /** Why headers and structures of its heaps are not in memory; undefined: they are, as that Windows lays them out. */
  readonly noBytes: string | undefined
}

export const ARTICLE_VERSION = 'nt31'

const NT31: WindowsVersion = {
  id: ARTICLE_VERSION,
  title: 'Windows NT 3.1, 32 bits',
  manager: 'Heap of the article',
  bits: 32,
  heap: 'kath-nt31',
  profile: 'article',
  ntProfile: '',
  noBytes: undefined,
}

const XP_BYTES = 'the structures of Windows XP heaps are not among the published ones this program has, so block headers hold no bytes'
const SEGMENT_BYTES = 'the page range descriptors of this build are not published, so the structures of its Segment Heaps hold no bytes'

const bitsOf = (profile: string): 32 | 64 => (profile.endsWith('x86') ? 32 : 64)

const ntVersions: readonly WindowsVersion[] = [
  ...ntXpProfiles.map(({ id, title }): WindowsVersion => ({ id, title, manager: 'NT heap with look-aside lists', bits: bitsOf(id), heap: 'nt-xp', profile: id, ntProfile: id, noBytes: XP_BYTES })),
  ...ntLfhProfiles.map(({ id, title }): WindowsVersion => ({
    id: id.replace('win', '').replace('81', '8.1'),
    title,
    manager: 'NT heap with low-fragmentation front end',
    bits: bitsOf(id),
    heap: 'nt-lfh',
    profile: id,
    ntProfile: id,
    noBytes: undefined,
  })),
]

/** Builds whose structures are published but for the page descriptors, by profile. */
const WITHOUT_DESCRIPTORS: ReadonlySet<string> = new Set(['win10-1507', 'win10-1507-x86'])

const segmentVersions: readonly WindowsVersion[] = segmentHeap.profiles.map(({ id, title }): WindowsVersion => {
  const bits = bitsOf(id)
  const width = bits === 64 ? 'x64' : 'x86'
  return {
    id: `${id.replace('win', '').replace('-x86', '')}-${width}-segment`,
    title,
    manager: 'Segment Heap',
    bits,
    heap: 'segment-heap',
    profile: id,
    ntProfile: `${id.startsWith('win11') ? 'win11' : 'win10'}-${width}`,
    noBytes: WITHOUT_DESCRIPTORS.has(id) ? SEGMENT_BYTES : undefined,
  }
})

/** In the order lists show them. */
export const windowsVersions: readonly WindowsVersion[] = [NT31, ...ntVersions, ...segmentVersions]

const BY_ID = new Map(windowsVersions.map((version) => [version.id, version]))

/** Undefined when there is no such version. Case does not matter. */
export const findWindowsVersion = (id: string): WindowsVersion | undefined => BY_ID.get(id.toLowerCase())
