import { describe, expect, test } from 'vitest'
import { resolveRequest } from '../profiles'
import { reasonsOf } from '../profiles/reasons'
import { AddressSpace } from '../vm/address-space'
import { createHeap, limitsOf } from './index'
import { ReasonRecorder } from './explain'
import { NO_BLOCK } from './heap'

/** A space that has no memory left when told so. */
class ScarceSpace extends AddressSpace {
  isScarce = false

  override commit(address: number, bytes: number): boolean {
    return !this.isScarce && super.commit(address, bytes)
  }

  /** Runs as `base bytes state`. */
  image(): string[] {
    const runs: string[] = []
    this.walk((base, bytes, state) => void runs.push(`${base} ${bytes} ${state}`))
    return runs
  }
}

const CASES = [
  ['slab', 'kmalloc', {}, 64],
  ['slab', 'kmalloc', {}, 100_000],
  ['slab', 'kmalloc', {}, 6_000_000],
  ['mimalloc-like', 'pages', {}, 64],
  ['mimalloc-like', 'pages', { eagerCommit: true }, 64],
  ['mimalloc-like', 'pages', {}, 20_000_000],
] as const

describe('memory the system refuses', () => {
  test.each(CASES)('%s, %s, %o: a request of %i bytes fails, changes nothing, and succeeds later', (id, profile, overrides, bytes) => {
    const request = resolveRequest(id, profile, overrides)
    const space = new ScarceSpace(undefined, limitsOf(request))
    const recorder = new ReasonRecorder(() => 7)
    const heap = createHeap(request, space, { internal: () => {}, explain: recorder })
    const before = space.image()
    space.isScarce = true
    expect(heap.alloc(bytes)).toBe(NO_BLOCK)
    expect(space.image()).toEqual(before)
    const { grownCode } = recorder.reasons
    const last = reasonsOf(id)!.grown[grownCode.length === 0 ? 0 : grownCode.at(grownCode.length - 1)]!
    expect(last.id).toBe('refused')
    space.isScarce = false
    const block = heap.alloc(bytes)
    expect(block).not.toBe(NO_BLOCK)
    heap.free(block)
  })
})
