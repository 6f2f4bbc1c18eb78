import fc from 'fast-check'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { Column } from '../../base/column'
import { NONE, STILL_ALIVE, UNKNOWN_SIZE } from '../../base/units'
import { STATED_FIGURES } from '../../model/heap-statement'
import { FailureTable, LifetimeTable, PageChangeTable, Run, type AnyDocument } from '../../model/run'
import { RegionTable } from '../../model/region-table'
import { BLOCK_COVERAGES, BlockTable, Snapshot, type HeapRecord } from '../../model/snapshot'
import { Op, Trace, type Origin } from '../../model/trace'
import { initParquet } from '../parquet-codec'
import type { View } from '../meta'

/** For tests: the codec from the installed package. */
export function initParquetForTests(): void {
  initParquet(() => readFileSync(createRequire(import.meta.url).resolve('parquet-wasm/esm/parquet_wasm_bg.wasm')))
}

/** Collects what a writer writes. */
export class MemorySink {
  readonly #parts: Uint8Array[] = []

  write(bytes: Uint8Array): void {
    this.#parts.push(bytes.slice())
  }

  bytes(): Uint8Array {
    return new Uint8Array(Buffer.concat(this.#parts))
  }
}

/** A document as plain values, for deep comparison: columns become their kind and numbers. */
export function plain(value: unknown): unknown {
  if (value instanceof Column) return { kind: value.kind, values: Array.from(value.slice()) }
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([, item]) => item !== undefined)
  return Object.fromEntries(entries.map(([key, item]) => [key, plain(item)]))
}

const text = fc.string({ unit: 'binary', maxLength: 12 })
const names = fc.array(text, { maxLength: 5 })
const address = fc.oneof(fc.maxSafeNat(), fc.nat({ max: 2 ** 31 }), fc.constant(Number.MAX_SAFE_INTEGER))
const size = fc.oneof({ weight: 5, arbitrary: fc.nat({ max: 5000 }) }, fc.constant(UNKNOWN_SIZE), fc.integer({ min: 2 ** 32, max: 2 ** 45 }), fc.constant(0))
const u32 = fc.oneof(fc.nat(), fc.constant(UNKNOWN_SIZE))

const origin: fc.Arbitrary<Origin> = fc.record({
  file: text,
  format: text,
  partial: fc.boolean(),
  notes: fc.array(fc.record({ code: text, count: fc.nat(), text, firstLine: fc.nat() }, { requiredKeys: ['code', 'count', 'text'] }), { maxLength: 3 }),
})

const heapRecord: fc.Arbitrary<HeapRecord> = fc.record({
  id: fc.nat(),
  name: text,
  flavour: text,
  base: address,
  headerBytes: fc.nat({ max: 64 }),
  granularity: fc.nat({ max: 4096 }),
  confidence: fc.constantFrom('verified', 'inferred', 'uncertain', 'opaque'),
})

const addressSpace = fc.record({ low: address, high: address })

const heapStatement = fc.record({
  stated: fc.dictionary(fc.constantFrom(...STATED_FIGURES), fc.maxSafeNat(), { maxKeys: 4, noNullPrototype: true }),
  sizes: fc.array(fc.record({ sizeBytes: fc.nat(), blocks: fc.nat(), totalBytes: fc.maxSafeNat() }), { maxLength: 2 }),
  findings: fc.array(fc.record({ code: fc.string(), severity: fc.constantFrom('note' as const, 'warning' as const, 'damage' as const), text: fc.string(), count: fc.nat() }), { maxLength: 2 }),
  counters: fc.array(fc.record({ name: fc.string(), stored: fc.nat(), walked: fc.nat(), equal: fc.boolean() }), { maxLength: 2 }),
})
const regionTotal = fc.record({ group: fc.string(), name: fc.string(), regions: fc.option(fc.nat()), bytes: fc.maxSafeNat() })
const measuredBytes = fc.oneof(fc.constant(NONE), fc.maxSafeNat())

function fill(column: Column, values: readonly number[]): Column {
  for (const value of values) column.push(value)
  return column
}

const optionalColumn = (present: boolean, column: () => Column, values: readonly number[]): Column | undefined =>
  present ? fill(column(), values) : undefined

export const traces: fc.Arbitrary<Trace> = fc
  .record({
    origin,
    rows: fc.array(fc.record({ op: fc.integer({ min: 0, max: 3 }), object: fc.nat({ max: 50 }), size, address, site: fc.nat(), thread: u32, time: fc.oneof(fc.maxSafeNat(), fc.double({ noNaN: true })) }), { maxLength: 40 }),
    has: fc.record({ address: fc.boolean(), site: fc.boolean(), thread: fc.boolean(), time: fc.boolean() }),
    siteNames: names,
    recordsPerRealloc: fc.constantFrom(1 as const, 2 as const),
    hash: fc.string({ maxLength: 64 }),
  })
  .map(({ origin, rows, has, siteNames, recordsPerRealloc, hash }) => {
    const trace = new Trace(origin, has)
    fill(trace.op, rows.map((row) => row.op))
    fill(trace.object, rows.map((row) => (row.op === Op.OrphanFree ? UNKNOWN_SIZE : row.object % rows.length)))
    fill(trace.size, rows.map((row) => row.size))
    if (trace.address) fill(trace.address, rows.map((row) => row.address))
    if (trace.site) fill(trace.site, rows.map((row) => (row.site % (siteNames.length + 1)) - 1))
    if (trace.thread) fill(trace.thread, rows.map((row) => row.thread))
    if (trace.time) fill(trace.time, rows.map((row) => row.time))
    return Object.assign(trace, { sites: { names: siteNames }, objects: rows.length, recordsPerRealloc, hash })
  })

export const snapshots: fc.Arbitrary<Snapshot> = fc
  .record({
    origin,
    heaps: fc.array(heapRecord, { minLength: 1, maxLength: 3 }),
    segments: fc.array(fc.record({ heap: fc.constant(0), base: address, reservedBytes: address }), { maxLength: 4 }),
    owners: names,
    siteNames: names,
    pageBytes: fc.constantFrom(4096, 65536),
    addressSpace,
    coverage: fc.constantFrom(...BLOCK_COVERAGES),
    regionsComplete: fc.boolean(),
    hasStatements: fc.boolean(),
    statement: heapStatement,
    regionTotals: fc.array(regionTotal, { maxLength: 3 }),
    regions: fc.array(fc.record({ base: address, size: address, state: fc.integer({ min: 0, max: 2 }), owner: fc.nat(), kind: fc.integer({ min: 0, max: 6 }), measured: measuredBytes }), { maxLength: 10 }),
    blocks: fc.array(fc.record({ address, size, requested: size, state: fc.integer({ min: 0, max: 4 }), birth: u32, site: fc.nat() }), { maxLength: 40 }),
    has: fc.record({ birth: fc.boolean(), site: fc.boolean(), kind: fc.boolean(), resident: fc.boolean(), swapped: fc.boolean() }),
    event: fc.option(fc.nat(), { nil: undefined }),
  })
  .map(({ regions: regionRows, blocks: blockRows, has, hasStatements, statement, ...fields }) => {
    const regions = new RegionTable()
    for (const row of regionRows) {
      regions.base.push(row.base)
      regions.size.push(row.size)
      regions.state.push(row.state)
      regions.owner.push((row.owner % (fields.owners.length + 1)) - 1)
    }
    regions.kind = optionalColumn(has.kind, () => new Column('u8'), regionRows.map((row) => row.kind))
    regions.resident = optionalColumn(has.resident, () => new Column('f64'), regionRows.map((row) => row.measured))
    regions.swapped = optionalColumn(has.swapped, () => new Column('f64'), regionRows.map((row) => row.measured))
    const blocks = new BlockTable()
    for (const row of blockRows) {
      blocks.address.push(row.address)
      blocks.size.push(row.size)
      blocks.requested.push(row.requested)
      blocks.state.push(row.state)
      blocks.heap.push(0)
    }
    blocks.birth = optionalColumn(has.birth, () => new Column('u32'), blockRows.map((row) => row.birth))
    blocks.site = optionalColumn(has.site, () => new Column('i32'), blockRows.map((row) => (row.site % (fields.siteNames.length + 1)) - 1))
    return new Snapshot({ ...fields, heapStatements: hasStatements ? fields.heaps.map(() => statement) : [], regions, blocks })
  })

export const runs: fc.Arbitrary<Run> = fc
  .record({
    origin,
    heaps: fc.array(heapRecord, { minLength: 1, maxLength: 2 }),
    siteNames: names,
    pageBytes: fc.constantFrom(4096, 65536),
    addressSpace,
    request: fc.record({ heap: text, profile: text, parameters: fc.dictionary(text, fc.oneof(fc.nat(), fc.boolean(), text), { maxKeys: 4 }) }),
    source: fc.record({ name: text, format: text, traceHash: text }),
    timeAxis: fc.constantFrom('operations' as const, 'ns' as const),
    lifetimes: fc.array(fc.record({ address, size, requested: size, birth: fc.nat({ max: 900 }), death: fc.option(fc.nat({ max: 900 }), { nil: STILL_ALIVE }), occupant: fc.integer({ min: 0, max: 2 }), object: u32, site: fc.nat() }), { maxLength: 40 }),
    hasSites: fc.boolean(),
    pages: fc.array(fc.record({ event: fc.nat({ max: 900 }), base: address, size: address, state: fc.integer({ min: 0, max: 2 }) }), { maxLength: 10 }),
    failures: fc.array(fc.record({ event: fc.nat({ max: 900 }), size }), { maxLength: 5 }),
    contention: fc.option(fc.record({ window: fc.nat(64), threads: fc.nat(64), calls: fc.nat(900), contendedCalls: fc.nat(900) }), { nil: undefined }),
  })
  .map(({ lifetimes: lifetimeRows, pages: pageRows, failures: failureRows, hasSites, ...fields }) => {
    const lifetimes = new LifetimeTable()
    for (const row of lifetimeRows) {
      for (const name of ['address', 'size', 'requested', 'birth', 'death', 'occupant', 'object'] as const) lifetimes[name].push(row[name])
    }
    lifetimes.site = optionalColumn(hasSites, () => new Column('i32'), lifetimeRows.map((row) => (row.site % (fields.siteNames.length + 1)) - 1))
    const pages = new PageChangeTable()
    for (const row of pageRows) for (const name of ['event', 'base', 'size', 'state'] as const) pages[name].push(row[name])
    const failures = new FailureTable()
    for (const row of failureRows) for (const name of ['event', 'size'] as const) failures[name].push(row[name])
    return new Run({ ...fields, events: 900, lifetimes, pages, failures })
  })

export const documents: fc.Arbitrary<AnyDocument> = fc.oneof(traces, snapshots, runs)
export const views: fc.Arbitrary<View | undefined> = fc.option(fc.dictionary(fc.string(), fc.jsonValue()), { nil: undefined })

/** A trace of `rows` events with address, site, thread and time, for tests that need more than one row group. */
export function longTrace(rows: number): Trace {
  const trace = new Trace({ file: 'long', format: 'test', partial: false, notes: [] }, { address: true, site: true, thread: true, time: true })
  trace.sites = { names: ['main', 'größe → 大小', 'free'] }
  for (let row = 0; row < rows; row++) {
    trace.op.push(row % 3)
    trace.object.push(row >>> 1)
    trace.size.push((row * 40503) % 3001)
    trace.address!.push(0x7f00_0000_0000 + (((row * 2654435761) >>> 0) % 1_000_000) * 16)
    trace.site!.push((row % 4) - 1)
    trace.thread!.push(row % 5)
    trace.time!.push(row * 1000)
  }
  return Object.assign(trace, { objects: (rows >>> 1) + 1, hash: 'f'.repeat(64) })
}

