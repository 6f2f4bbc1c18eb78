import { NONE, PAGE_BYTES, roundDown, roundUp, type Address, type Bytes } from '../../../base/units'
import { PtmallocGrown, PtmallocPlaced } from '../../profiles/reasons/ptmalloc-reasons'
import type { AddressSpace } from '../../vm/address-space'
import { ProgramBreak } from '../../vm/program-break'
import { BlockSlots, SlotState } from '../block-slots'
import type { Explainer } from '../explain'
import { NO_BLOCK, type Heap, type HeapObserver } from '../heap'
import { ChunkBins } from './chunk-bins'
import { Mappings } from './mappings'
import { CHUNK_ALIGN, chunkBytes, mappingBytes, MIN_CHUNK, MIN_LARGE, TCACHE_RECORD, WORD_BYTES, type PtmallocRules } from './ptmalloc-rules'
import { ThreadCache } from './thread-cache'

/** After so many unsorted chunks a search looks into the bins even if more wait. */
const MAX_SORTED_AT_ONCE = 10_000

/*
 * The main arena of a glibc-like malloc, one thread:
 *
 *   start of the break                                                         end of the break
 *   | thread cache | busy | in the cache | in a fast bin | busy | in a bin | top ...............|
 *
 *   state          Busy    Busy           Pending                Free        (its own slot)
 *
 * A request asks the thread cache, the fast bin of its size, the small bin of its size, the unsorted chunks (which are
 * filed on the way), the large bins, the top and then the system. Chunks in cache and fast bins do not merge.
 */
export class PtmallocHeap implements Heap {
  readonly blocks = new BlockSlots()
  readonly base: Address
  readonly headerBytes = WORD_BYTES
  readonly granularityBytes = CHUNK_ALIGN
  readonly #rules: PtmallocRules
  readonly #observer: HeapObserver
  readonly #explain: Explainer | undefined
  readonly #bins: ChunkBins
  readonly #cache: ThreadCache
  readonly #break: ProgramBreak
  readonly #mappings: Mappings
  /** Newest chunk of each fast bin (linkA leads to older ones), by size / 16. */
  readonly #fast: Int32Array
  #hasFast = false
  #first = 0
  /** The chunk before the end of the break; 0 before the first request. */
  #top = 0
  /** Address of the chunk that was left of the last split for a small request; small requests go on there. */
  #lastRemainder: Address = NONE
  #mmapThreshold: Bytes
  #trimThreshold: Bytes

  constructor(rules: PtmallocRules, space: AddressSpace, observer: HeapObserver) {
    this.#rules = rules
    this.#observer = observer
    this.#explain = observer.explain
    this.#bins = new ChunkBins(this.blocks)
    this.#cache = new ThreadCache(rules.tcacheCount, rules.tcacheMax)
    this.#break = new ProgramBreak(space, rules.capacity)
    this.base = this.#break.start
    this.#mappings = new Mappings(space, observer)
    this.#fast = new Int32Array((rules.maxFast >>> 4) + 1)
    this.#mmapThreshold = rules.mmapThreshold
    this.#trimThreshold = rules.trimThreshold
  }

  alloc(bytes: Bytes): number {
    const size = chunkBytes(bytes)
    const cached = this.#cache.take(size)
    if (cached !== 0) {
      this.#observer.uncached?.(cached)
      this.#explain?.placed(PtmallocPlaced.ThreadCache, size, 0)
      return cached
    }
    if (size > this.#rules.capacity || (this.#top === 0 && !this.#start())) return NO_BLOCK
    return this.#allocChunk(size)
  }

  free(block: number): void {
    const { size, state } = this.blocks
    const bytes = size[block]!
    // Mappings are whole pages, larger than what cache and fast bins take: their address need not be looked at before.
    if (this.#cache.hasRoom(bytes)) {
      this.#cache.put(bytes, block)
      this.#observer.cached?.(block)
    } else if (bytes <= this.#rules.maxFast) {
      state[block] = SlotState.Pending
      this.blocks.linkA[block] = this.#fast[bytes >>> 4]!
      this.#fast[bytes >>> 4] = block
      this.#hasFast = true
    } else if (this.#isMapped(block)) {
      this.#freeMapped(block)
    } else {
      this.#freeMerged(block)
    }
  }

  realloc(block: number, bytes: Bytes): number {
    const wanted = chunkBytes(bytes)
    if (wanted > this.#rules.capacity) return NO_BLOCK
    if (this.#isMapped(block)) return this.#reallocMapped(block, wanted)
    return this.#reallocInPlace(block, wanted) ? block : this.#moveTo(block, wanted)
  }

  walkFree(visit: (address: Address, bytes: Bytes) => void): void {
    const { address, size, state, after } = this.blocks
    for (let slot = this.#first; slot !== this.#top; slot = after[slot]!) {
      if (state[slot]! >= SlotState.Free) visit(address[slot]!, size[slot]!)
    }
    if (this.#top !== 0) visit(address[this.#top]!, this.#break.end - address[this.#top]!)
  }

  /** Chunks of the break end below it; looks at the size first, which callers need anyway. */
  #isMapped(block: number): boolean {
    return this.blocks.size[block]! >= PAGE_BYTES - WORD_BYTES && this.blocks.address[block]! >= this.#break.end
  }

  /** The first request makes the thread cache's record; its chunk is the first of the heap. */
  #start(): boolean {
    const record = this.#rules.tcacheCount === 0 ? 0 : chunkBytes(TCACHE_RECORD)
    const grown = roundUp(record + this.#rules.topPad + MIN_CHUNK, PAGE_BYTES)
    if (!this.#hasRoom(grown) || !this.#break.grow(grown)) return false
    this.#observer.internal(this.base, WORD_BYTES + record)
    this.#explain?.grew(PtmallocGrown.Start, grown, 0)
    this.#top = this.blocks.make(this.base + WORD_BYTES + record, grown - record, SlotState.Free)
    this.#first = this.#top
    return true
  }

  #allocChunk(size: Bytes): number {
    if (size <= this.#rules.maxFast) {
      const chunk = this.#takeFast(size)
      if (chunk !== 0) return chunk
    }
    if (size < MIN_LARGE) {
      const chunk = this.#takeSmall(size)
      if (chunk !== 0) return chunk
    } else if (this.#hasFast) {
      this.#consolidate()
    }
    for (;;) {
      const chunk = this.#takeUnsorted(size) || this.#takeBinned(size)
      if (chunk !== 0) return chunk
      if (this.blocks.size[this.#top]! >= size + MIN_CHUNK) {
        this.#explain?.placed(PtmallocPlaced.Top, size, this.blocks.size[this.#top]! - size)
        return this.#cutTop(size)
      }
      if (!this.#hasFast) return this.#takeFromSystem(size)
      this.#consolidate()
    }
  }

  /** Further chunks of the size move to the thread cache, as far as it has room. */
  #takeFast(size: Bytes): number {
    const bin = size >>> 4
    const chunk = this.#popFast(bin)
    if (chunk === 0) return 0
    while (this.#fast[bin] !== 0 && this.#cache.hasRoom(size)) this.#toCache(this.#popFast(bin), size)
    this.#explain?.placed(PtmallocPlaced.FastBin, size, 0)
    return chunk
  }

  #popFast(bin: number): number {
    const chunk = this.#fast[bin]!
    if (chunk === 0) return 0
    this.#fast[bin] = this.blocks.linkA[chunk]!
    this.blocks.state[chunk] = SlotState.Busy
    return chunk
  }

  #takeSmall(size: Bytes): number {
    const chunk = this.#bins.oldestSmall(size)
    if (chunk === 0) return 0
    this.#takeOut(chunk)
    for (let next = this.#bins.oldestSmall(size); next !== 0 && this.#cache.hasRoom(size); next = this.#bins.oldestSmall(size)) {
      this.#takeOut(next)
      this.#toCache(next, size)
    }
    this.#explain?.placed(PtmallocPlaced.SmallBin, size, 0)
    return chunk
  }

  #takeOut(chunk: number): void {
    this.#bins.unlinkPlain(chunk)
    this.blocks.state[chunk] = SlotState.Busy
  }

  #toCache(chunk: number, size: Bytes): void {
    this.#cache.put(size, chunk)
    this.#observer.cached?.(chunk)
  }

  /** Files unsorted chunks, oldest first, until one serves; those of the right size fill the thread cache first. */
  #takeUnsorted(size: Bytes): number {
    const bins = this.#bins
    let isCached = false
    for (let looked = 0; looked < MAX_SORTED_AT_ONCE; looked++) {
      const chunk = bins.oldestUnsorted()
      if (chunk === 0) break
      const bytes = this.blocks.size[chunk]!
      if (size < MIN_LARGE && bytes > size + MIN_CHUNK && bins.isOnlyUnsorted(chunk) && this.blocks.address[chunk] === this.#lastRemainder) {
        this.#explain?.placed(PtmallocPlaced.LastRemainder, bytes, bytes - size)
        bins.unlinkPlain(chunk)
        this.#split(chunk, size)
        this.#lastRemainder = this.blocks.address[chunk]! + size
        return chunk
      }
      bins.unlinkPlain(chunk)
      if (bytes !== size) {
        bins.sort(chunk)
        continue
      }
      this.blocks.state[chunk] = SlotState.Busy
      if (!this.#cache.hasRoom(size)) {
        this.#explain?.placed(PtmallocPlaced.Unsorted, size, 0)
        return chunk
      }
      this.#toCache(chunk, size)
      isCached = true
    }
    return isCached ? this.#takeJustCached(size) : 0
  }

  #takeJustCached(size: Bytes): number {
    const chunk = this.#cache.take(size)
    this.#observer.uncached?.(chunk)
    this.#explain?.placed(PtmallocPlaced.Unsorted, size, 0)
    return chunk
  }

  /** Best fit in the large bin of the size, else the smallest chunk of the next higher bin. */
  #takeBinned(size: Bytes): number {
    const own = size < MIN_LARGE ? 0 : this.#bins.bestLarge(size)
    const chunk = own !== 0 ? own : this.#bins.fromHigherBin(size)
    if (chunk === 0) return 0
    const bytes = this.blocks.size[chunk]!
    const isSplit = bytes - size >= MIN_CHUNK
    this.#explain?.placed(own !== 0 ? PtmallocPlaced.LargeBin : PtmallocPlaced.HigherBin, bytes, isSplit ? bytes - size : 0)
    this.#bins.unlink(chunk)
    if (!isSplit) {
      this.blocks.state[chunk] = SlotState.Busy
      return chunk
    }
    this.#split(chunk, size)
    if (own === 0 && size < MIN_LARGE) this.#lastRemainder = this.blocks.address[chunk]! + size
    return chunk
  }

  /** Gives the low end out; the rest waits unsorted. */
  #split(chunk: number, size: Bytes): void {
    const rest = this.#cut(chunk, size)
    this.blocks.state[chunk] = SlotState.Busy
    this.blocks.state[rest] = SlotState.Free
    this.#bins.addUnsorted(rest)
  }

  #cut(chunk: number, size: Bytes): number {
    const blocks = this.blocks
    const rest = blocks.make(blocks.address[chunk]! + size, blocks.size[chunk]! - size, SlotState.Busy)
    blocks.size[chunk] = size
    blocks.chainAfter(chunk, rest)
    return rest
  }

  #cutTop(size: Bytes): number {
    const blocks = this.blocks
    const top = this.#top
    const chunk = blocks.make(blocks.address[top]!, size, SlotState.Busy)
    blocks.address[top] = blocks.address[top]! + size
    blocks.size[top] = blocks.size[top]! - size
    const left = blocks.before[top]!
    blocks.before[chunk] = left
    blocks.after[chunk] = top
    blocks.before[top] = chunk
    if (left === 0) this.#first = chunk
    else blocks.after[left] = chunk
    return chunk
  }

  #takeFromSystem(size: Bytes): number {
    if (size >= this.#mmapThreshold) {
      const chunk = this.#allocMapped(size)
      if (chunk !== NO_BLOCK) return chunk
    }
    const has = this.blocks.size[this.#top]!
    const grown = roundUp(size + this.#rules.topPad + MIN_CHUNK - has, PAGE_BYTES)
    if (!this.#hasRoom(grown) || !this.#break.grow(grown)) return NO_BLOCK
    this.blocks.size[this.#top] = has + grown
    this.#explain?.grew(PtmallocGrown.Extended, size, grown)
    this.#explain?.placed(PtmallocPlaced.GrownTop, size, grown)
    return this.#cutTop(size)
  }

  #hasRoom(bytes: Bytes): boolean {
    return this.#break.end - this.base + this.#mappings.bytes + bytes <= this.#rules.capacity
  }

  #allocMapped(size: Bytes): number {
    const bytes = mappingBytes(size)
    const address = this.#hasRoom(bytes) ? this.#mappings.map(bytes) : NONE
    if (address === NONE) return NO_BLOCK
    this.#explain?.grew(PtmallocGrown.Mapped, size, bytes)
    this.#explain?.placed(PtmallocPlaced.Mapped, bytes, this.#mmapThreshold)
    return this.blocks.make(address, bytes - WORD_BYTES, SlotState.Busy)
  }

  #freeMapped(block: number): void {
    const { address, size } = this.blocks
    const bytes = size[block]! + WORD_BYTES
    if (this.#rules.dynamic && bytes > this.#mmapThreshold && bytes <= this.#rules.mmapThresholdMax) {
      this.#mmapThreshold = bytes
      this.#trimThreshold = 2 * bytes
    }
    this.#explain?.grew(PtmallocGrown.Unmapped, bytes, this.#mmapThreshold)
    this.#mappings.unmap(address[block]!, bytes)
    this.blocks.drop(block)
  }

  /** The system moves the pages, so nothing is there twice at any time. */
  #reallocMapped(block: number, wanted: Bytes): number {
    const { address, size } = this.blocks
    const had = size[block]! + WORD_BYTES
    const bytes = mappingBytes(wanted)
    this.#explain?.placed(PtmallocPlaced.Remapped, had, bytes)
    if (bytes === had) return block
    if (bytes > had && !this.#hasRoom(bytes - had)) return NO_BLOCK
    this.#mappings.unmap(address[block]!, had)
    const moved = this.#mappings.map(bytes)
    // A space with room for the capacity has room for this; where it has not, the old size still fits.
    address[block] = moved === NONE ? this.#mappings.map(had) : moved
    if (moved === NONE) return NO_BLOCK
    size[block] = bytes - WORD_BYTES
    this.#explain?.grew(PtmallocGrown.Remapped, had, bytes)
    return block
  }

  /** Takes in the top or a free chunk behind when the block itself is too small; cuts off what is too much. */
  #reallocInPlace(block: number, wanted: Bytes): boolean {
    const { size, state, after } = this.blocks
    const had = size[block]!
    const right = after[block]!
    if (had < wanted) {
      if (right === this.#top) return this.#growIntoTop(block, wanted)
      if (state[right] !== SlotState.Free || had + size[right]! < wanted) return false
      this.#bins.unlink(right)
      this.#absorb(block, right)
    }
    this.#explain?.placed(PtmallocPlaced.Resized, had, wanted)
    this.#cutTail(block, wanted)
    return true
  }

  #cutTail(block: number, wanted: Bytes): void {
    if (this.blocks.size[block]! - wanted >= MIN_CHUNK) this.free(this.#cut(block, wanted))
  }

  #growIntoTop(block: number, wanted: Bytes): boolean {
    const { address, size } = this.blocks
    const lacking = wanted - size[block]!
    if (size[this.#top]! < lacking + MIN_CHUNK) return false
    address[this.#top] = address[this.#top]! + lacking
    size[this.#top] = size[this.#top]! - lacking
    this.#explain?.placed(PtmallocPlaced.Resized, size[block]!, wanted)
    size[block] = wanted
    return true
  }

  /** A new chunk, not from the thread cache; when it turns out to lie right behind, both become one. */
  #moveTo(block: number, wanted: Bytes): number {
    const moved = this.#allocChunk(wanted)
    if (moved === NO_BLOCK) return NO_BLOCK
    if (this.blocks.after[block] !== moved) {
      this.free(block)
      return moved
    }
    this.#absorb(block, moved)
    this.#cutTail(block, wanted)
    return block
  }

  /** Joins a chunk that is in no ring with the one before it. */
  #absorb(left: number, right: number): void {
    const { size } = this.blocks
    size[left] = size[left]! + size[right]!
    this.blocks.unchain(right)
    this.blocks.drop(right)
  }

  #freeMerged(block: number): void {
    const merged = this.#merge(block)
    if (this.blocks.size[merged]! < this.#rules.consolidateAt) return
    if (this.#hasFast) this.#consolidate()
    if (this.blocks.size[this.#top]! >= this.#trimThreshold) this.#trim()
  }

  /** Joins a chunk with its free neighbours, or with the top; returns what it is a part of now. */
  #merge(block: number): number {
    const { size, address, state, before, after } = this.blocks
    let slot = block
    const left = before[slot]!
    if (left !== 0 && state[left] === SlotState.Free) {
      this.#bins.unlink(left)
      this.#absorb(left, slot)
      slot = left
    }
    const right = after[slot]!
    if (right === this.#top) {
      address[right] = address[slot]!
      size[right] = size[right]! + size[slot]!
      if (this.#first === slot) this.#first = right
      this.blocks.unchain(slot)
      this.blocks.drop(slot)
      return right
    }
    if (state[right] === SlotState.Free) {
      this.#bins.unlink(right)
      this.#absorb(slot, right)
    }
    state[slot] = SlotState.Free
    this.#bins.addUnsorted(slot)
    return slot
  }

  /** Empties the fast bins, smallest size first; their chunks merge and wait unsorted. */
  #consolidate(): void {
    this.#hasFast = false
    const { linkA } = this.blocks
    const fast = this.#fast
    for (let bin = 0; bin < fast.length; bin++) {
      let chunk = fast[bin]!
      fast[bin] = 0
      while (chunk !== 0) {
        const older = linkA[chunk]!
        this.#merge(chunk)
        chunk = older
      }
    }
  }

  #trim(): void {
    const { address, size } = this.blocks
    const spare = size[this.#top]! - MIN_CHUNK - 1 - this.#rules.topPad
    const given = roundDown(spare, PAGE_BYTES)
    if (given <= 0) return
    this.#explain?.grew(PtmallocGrown.Trimmed, size[this.#top]!, given)
    size[this.#top] = size[this.#top]! - given
    this.#break.shrinkTo(address[this.#top]! + size[this.#top]! - WORD_BYTES)
  }
}
