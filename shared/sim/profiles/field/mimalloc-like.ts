import type { HeapDefinition, HeapProfile, ParameterDefinition } from '../catalog'
import { bytes, capacity, SPACE_BYTES_64 } from '../fit-parameters'

const MEBIBYTE = 2 ** 20

const parameters: readonly ParameterDefinition[] = [
  bytes('segmentBytes', 'Segment', [65536, 64 * MEBIBYTE], 'Address range taken at a time; holds pages of one kind, or one large page.'),
  bytes('segmentHeader', 'Segment record', [1, 65536], 'Bytes at the start of a segment that it keeps for itself; in whole 4 KiB pages.'),
  bytes('smallPage', 'Small page', [16384, MEBIBYTE], 'Memory of one size class at a time, for small blocks.'),
  bytes('mediumPage', 'Medium page', [16384, 4 * MEBIBYTE], 'Memory of one size class at a time, for medium blocks.'),
  bytes('smallMost', 'Largest small block', [16, MEBIBYTE], 'Largest block that lies in a small page.'),
  bytes('mediumMost', 'Largest medium block', [16, 4 * MEBIBYTE], 'Largest block that lies in a medium page.'),
  bytes('largeMost', 'Largest large block', [16, 64 * MEBIBYTE], 'Largest block that shares a segment with others of its class; above it a block has a segment of its own.'),
  bytes('extend', 'Cut at a time', [8, MEBIBYTE], 'Most bytes of fresh blocks that are cut from a page at a time; at least one block is.'),
  { name: 'eagerCommit', title: 'Commit segments whole', type: 'boolean', unit: 'none', meaning: 'True: a segment is committed when it is reserved. False: page by page, and a page that is given back is decommitted.' },
  capacity,
]

const STANDARD = {
  segmentBytes: 4 * MEBIBYTE,
  segmentHeader: 8192,
  smallPage: 65536,
  mediumPage: 512 * 1024,
  smallMost: 16384,
  mediumMost: 128 * 1024,
  largeMost: 2 * MEBIBYTE,
  extend: 4096,
  eagerCommit: false,
  capacity: SPACE_BYTES_64,
}

const SOURCE =
  'Leijen, Zorn, de Moura: "Mimalloc: Free List Sharding in Action" (MSR-TR-2019-18): pages of 64 KiB, 512 KiB and 4 MiB in segments of 4 MiB, a ' +
  'free list and a list of freed blocks for each page; classes about 12.5 % apart, limits of 16 KiB, 128 KiB and 2 MiB: constants of ' +
  'microsoft/mimalloc 1.x. The record of 8 KiB is an estimate'

const profiles: readonly HeapProfile[] = [
  { id: 'pages', title: 'Committed page by page', values: STANDARD, source: `${SOURCE}.` },
  { id: 'eager', title: 'Segments committed whole', values: { ...STANDARD, eagerCommit: true }, source: `${SOURCE}; segments are committed at once, its default on Linux, where untouched pages take no memory.` },
]

export const mimallocLike: HeapDefinition = {
  id: 'mimalloc-like',
  title: 'mimalloc-like (sharded pages)',
  summary: 'Takes the next block of a page that holds one size class only; freed blocks wait in a list of their page until its free list has run out.',
  source: 'Like Microsoft\'s mimalloc 1.x, written anew from its report: one thread, an empty page given back at once unless it is the only one of its class. Not the original.',
  parameters,
  profiles,
  defaultProfile: 'pages',
}
