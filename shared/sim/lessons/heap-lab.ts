import { HeapscapeError } from '../../base/errors'
import { PAGE_BYTES } from '../../base/units'
import { FailureTable, PageChangeTable, Run, type RunRequest } from '../../model/run'
import { RegionState } from '../../model/region-table'
import { Op } from '../../model/trace'
import { createHeap, limitsOf } from '../heaps'
import { NO_BLOCK, type Heap } from '../heaps/heap'
import { heapDefinitions, resolveRequest } from '../profiles'
import { LifetimeRecorder, observeInto } from '../replay/recorder'
import { AddressSpace } from '../vm/address-space'
import { workloads } from '../workload'
import type { HeapCommand, HeapScript } from './heap-script'

/** What an assert sees beside the moment of the run it stands at. */
export interface LabMoment {
  readonly event: number
  readonly heap: Heap
  /** Block of an id, NO_BLOCK without one. */
  blockOf(id: string): number
  readonly failures: number
  /** Step of the last `buffer` that first used freed space again; 0 = never. */
  readonly firstReuse: number
  /** Distance from the heap's start to its end, and the last request that was served. */
  readonly heapBytes: number
  readonly lastBytes: number
}

export interface LabAssert {
  readonly command: HeapCommand & { kind: 'assert' }
  readonly event: number
  /** Value of a measure of the lab itself; undefined: a measure of the run at `event`. */
  readonly value: number | undefined
}

export interface LabResult {
  readonly run: Run
  readonly asserts: readonly LabAssert[]
  readonly operations: number
  /** Event after each line of the script, by 1-based line; lines without a command have the one before. */
  readonly eventOfLine: readonly number[]
}

/** Measures that need the heap itself, taken when the assert is reached. */
export const labMeasures: Readonly<Record<string, (lab: LabMoment, argument: string) => number>> = {
  failures: (lab) => lab.failures,
  served: (lab, id) => (lab.blockOf(id) === NO_BLOCK ? 0 : 1),
  address: (lab, id) => lab.heap.blocks.address[lab.blockOf(id)]! - lab.heap.base,
  consumed: (lab, id) => lab.heap.blocks.size[lab.blockOf(id)]!,
  firstReuse: (lab) => lab.firstReuse,
  heapPerLast: (lab) => lab.heapBytes / lab.lastBytes,
  frontEnd: (lab) => (lab.heap as Partial<{ frontEndBlocks: number }>).frontEndBlocks ?? 0,
}

interface LabObject {
  readonly block: number
  /** Row of its present stay. */
  readonly row: number
  readonly bytes: number
  readonly number: number
}

/** A heap manager under a script; what happens is recorded as a run that every view of runs can show. */
export class HeapLab {
  readonly #request: RunRequest
  readonly #recorder = new LifetimeRecorder(1024, false)
  readonly #pages = new PageChangeTable()
  readonly #failures = new FailureTable()
  readonly #space: AddressSpace
  readonly #heap: Heap
  readonly #objects = new Map<string, LabObject>()
  readonly #asserts: LabAssert[] = []
  #objectCount = 0
  /** Of the repeat that is carried out, from 1. */
  #pass = 0
  #firstReuse = 0
  #lastBytes = 0
  #event = 0

  constructor(script: Pick<HeapScript, 'heap' | 'profile' | 'overrides'>) {
    this.#request = resolveRequest(script.heap, script.profile, script.overrides)
    this.#space = new AddressSpace((base, bytes, state) => {
      this.#pages.event.push(this.#event)
      this.#pages.base.push(base)
      this.#pages.size.push(bytes)
      this.#pages.state.push(state)
    }, limitsOf(this.#request))
    this.#heap = createHeap(this.#request, this.#space, observeInto(this.#recorder, () => this.#event, () => this.#heap.blocks))
  }

  /** `title` names the run. */
  run({ commands }: HeapScript, title: string): LabResult {
    const eventOfLine: number[] = []
    for (const command of commands) {
      while (eventOfLine.length < command.line) eventOfLine.push(this.#event)
      this.#carryOut(command)
      eventOfLine[command.line] = this.#event
    }
    return { run: this.#finish(title), asserts: this.#asserts, operations: this.#event, eventOfLine }
  }

  #carryOut(command: HeapCommand): void {
    switch (command.kind) {
      case 'allocate':
        for (const id of command.ids) this.#allocate(id.endsWith('+') ? `${id.slice(0, -1)}${this.#pass}` : id, command.bytes)
        return
      case 'reallocate':
        for (const id of command.ids) this.#reallocate(id, command.bytes)
        return
      case 'free':
        for (const id of command.ids) this.#free(id)
        return
      case 'repeat':
        for (this.#pass = 1; this.#pass <= command.times; this.#pass++) for (const inner of command.body) this.#carryOut(inner)
        return
      case 'workload':
        this.#workload(command.id, command.from, command.to)
        return
      case 'buffer':
        this.#buffer(command.firstBytes, command.factor, command.steps)
        return
      case 'adversary':
        this.#adversary(command.mostBytes, command.order)
        return
      case 'assert':
        this.#asserts.push({ command, event: this.#event, value: labMeasures[command.measure]?.(this.#moment(), command.argument) })
    }
  }

  #moment(): LabMoment {
    return {
      event: this.#event,
      heap: this.#heap,
      blockOf: (id) => this.#objects.get(id)?.block ?? NO_BLOCK,
      failures: this.#failures.length,
      firstReuse: this.#firstReuse,
      heapBytes: this.#heapBytes(),
      lastBytes: this.#lastBytes,
    }
  }

  #heapBytes(): number {
    let end = this.#heap.base
    this.#space.walk((base, bytes, state) => {
      if (state === RegionState.Committed) end = base + bytes
    })
    return end - this.#heap.base
  }

  #allocate(id: string, bytes: number): void {
    this.#event++
    const block = this.#heap.alloc(bytes)
    if (block === NO_BLOCK) this.#fail(bytes)
    else this.#begin(id, block, bytes, this.#objectCount++)
  }

  #reallocate(id: string, bytes: number): void {
    const old = this.#objects.get(id)
    if (old === undefined) {
      this.#allocate(id, bytes)
      return
    }
    this.#event++
    const block = this.#heap.realloc(old.block, bytes)
    if (block === NO_BLOCK) {
      this.#fail(bytes)
      return
    }
    this.#recorder.end(old.row, this.#event)
    this.#begin(id, block, bytes, old.number)
  }

  #free(id: string): void {
    const object = this.#objects.get(id)
    this.#event++
    if (object === undefined) return
    this.#heap.free(object.block)
    this.#recorder.end(object.row, this.#event)
    this.#objects.delete(id)
  }

  #begin(id: string, block: number, bytes: number, number: number): void {
    const { address, size } = this.#heap.blocks
    this.#lastBytes = bytes
    const row = this.#recorder.begin(address[block]!, size[block]!, bytes, this.#event, number)
    this.#objects.set(id, { block, row, bytes, number })
  }

  #fail(bytes: number): void {
    this.#failures.event.push(this.#event)
    this.#failures.size.push(bytes)
  }

  #workload(id: string, from: number, to: number): void {
    const trace = workloads.find((known) => known.id === id)?.build()
    if (trace === undefined) throw new HeapscapeError('workload-unknown', { got: id, expected: workloads.map((known) => known.id).join(', ') })
    for (let row = from - 1; row < Math.min(to, trace.events); row++) {
      const object = `${id} ${trace.object.at(row)}`
      const op = trace.op.at(row)
      if (op === Op.Alloc) this.#allocate(object, trace.size.at(row))
      else if (op === Op.Realloc) this.#reallocate(object, trace.size.at(row))
      else this.#free(object)
    }
  }

  /** A buffer that grows by a factor: the new block is taken before the old one is given back. */
  #buffer(firstBytes: number, factor: number, steps: number): void {
    this.#firstReuse = 0
    const { address, size } = this.#heap.blocks
    let [bytes, highest] = [firstBytes, 0]
    this.#allocate('b0', firstBytes)
    for (let step = 1; step <= steps; step++) {
      const old = this.#objects.get(`b${step - 1}`)?.block ?? NO_BLOCK
      highest = Math.max(highest, address[old]! + size[old]!)
      bytes *= factor
      this.#allocate(`b${step}`, Math.floor(bytes))
      const fresh = this.#objects.get(`b${step}`)?.block ?? NO_BLOCK
      if (this.#firstReuse === 0 && this.#heap.blocks.address[fresh]! < highest) this.#firstReuse = step
      this.#free(`b${step - 1}`)
    }
  }

  /** Robson's program: of each aligned 2^j bytes it keeps the block that holds their first one, too close for the next size. */
  #adversary(mostBytes: number, order: number): void {
    let [live, next] = [0, 0]
    const alive: string[] = []
    const allocate = (bytes: number): void => {
      const id = `w${next++}`
      this.#allocate(id, bytes)
      alive.push(id)
      live += bytes
    }
    while (live < mostBytes) allocate(1)
    for (let j = 1; j <= order; j++) {
      const step = 2 ** j
      for (const id of alive) {
        const object = this.#objects.get(id)
        if (object === undefined) continue
        const at = this.#heap.blocks.address[object.block]! - this.#heap.base
        if (Math.ceil(at / step) * step < at + object.bytes) continue
        live -= object.bytes
        this.#free(id)
      }
      while (live + step <= mostBytes) allocate(step)
    }
  }

  #finish(title: string): Run {
    const heap = this.#heap
    const { low, high } = this.#space
    const name = heapDefinitions.find((known) => known.id === this.#request.heap)?.title ?? this.#request.heap
    return new Run({
      origin: { file: title, format: 'simulation', partial: false, notes: [] },
      request: this.#request,
      source: { name: title, format: 'lesson', traceHash: '' },
      events: this.#event,
      timeAxis: 'operations',
      pageBytes: PAGE_BYTES,
      addressSpace: { low, high },
      heaps: [{ id: 0, name, flavour: this.#request.heap, base: heap.base, headerBytes: heap.headerBytes, granularity: heap.granularityBytes, confidence: 'verified' }],
      lifetimes: this.#recorder.finish(),
      pages: this.#pages,
      failures: this.#failures,
      siteNames: [],
    })
  }
}
