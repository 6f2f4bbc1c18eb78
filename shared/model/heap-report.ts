import type { Address, Bytes } from '../base/units'
import type { Confidence } from './confidence'

/** Something a reader of a heap must know, with the place where it can be seen. */
export interface Finding {
  /** Stable, kebab-case. */
  readonly code: string
  /** `damage`: the heap contradicts itself; `warning`: two statements differ or something is missing; `note`: worth knowing. */
  readonly severity: 'note' | 'warning' | 'damage'
  readonly text: string
  /** How many times; the first place is told. */
  readonly count: number
  readonly address?: Address
  /** Last entry before the damage that passed every check. */
  readonly lastGood?: Address
  /** Bytes at the place as stored and as decoded, hexadecimal. */
  readonly raw?: string
  readonly decoded?: string
}

/** A figure the heap keeps of itself beside the one that was walked. */
export interface CounterCheck {
  readonly name: string
  readonly stored: number
  readonly walked: number
  readonly equal: boolean
}

/** How a heap was found: by the process's own list, by its signature in memory, or by both. */
export type Discovery = 'peb' | 'scan' | 'peb+scan' | 'list' | 'list+scan'

/** One heap as its walk left it: what was found, and how far to trust it. */
export interface HeapReport {
  readonly address: Address
  /** `nt-heap`, `segment-heap` or `wine-heap`. */
  readonly flavour: string
  readonly bits: 32 | 64
  /** Key of the structures it was read with, for instance `win10_2004`. */
  readonly layout: string
  readonly confidence: Confidence
  readonly discovery: Discovery
  /** The heap's flags as stored, and the names of those that are known. */
  readonly flags: { readonly value: number; readonly names: readonly string[] }
  /** `none`, `look-aside`, `lfh`, or `unknown N`. */
  readonly frontEnd: string
  readonly segments: number
  /** Of the segments, as the heap counts it; blocks with reservations of their own are not among them. */
  readonly reservedBytes: Bytes
  readonly committedBytes: Bytes
  /** Every entry from the first one on by its busy flag, containers of the front end and markers included. */
  readonly backEnd: { readonly busyBlocks: number; readonly busyBytes: Bytes; readonly freeBlocks: number; readonly freeBytes: Bytes }
  /** What the program holds: slots of the front end included, their containers not. */
  readonly userBlocks: number
  readonly userBytes: Bytes
  /** Ranges the heap keeps a descriptor of; one whose pages are all committed again counts too. */
  readonly uncommittedRanges: number
  readonly virtualAllocBlocks: number
  readonly lfh: { readonly subSegments: number; readonly busyBlocks: number; readonly freeBlocks: number }
  readonly findings: readonly Finding[]
  readonly counters: readonly CounterCheck[]
}
