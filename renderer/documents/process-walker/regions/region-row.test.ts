import { describe, expect, it } from 'vitest'
import { BlockKind } from '../../../../shared/model/snapshot'
import type { WalkRow } from '../../../../shared/sim/workspace/workspace-types'
import { protectionLetters, protectionText, segmentText, walkRowHint, walkRowLine, walkRowTexts } from './region-row'

const region: WalkRow = { kind: 'region', address: 0xf0000, bytes: 0x1000, state: 2, protect: 4, owner: 'handle table', heap: 0, change: 2, changedBytes: 128 }

describe('protectionText', () => {
  it('names protections and their modifiers', () => {
    expect(protectionText(0x04)).toBe('read, write')
    expect(protectionText(0x104)).toBe('read, write, guard')
    expect(protectionText(0x220)).toBe('execute, read, not cached')
  })

  it('shows what it does not know as a number', () => {
    expect(protectionText(0x03)).toBe('0x3')
    expect(protectionLetters(0x03)).toBe('0x3')
  })

  it('has letters for the list', () => {
    expect(protectionLetters(0x104)).toBe('RW guard')
    expect(protectionLetters(0x80)).toBe('CX')
  })
})

describe('walkRowTexts', () => {
  it('tells state, owner, protection and changed bytes of a region', () => {
    expect(walkRowTexts(region)).toEqual({ address: "0x000F'0000", size: '4 KiB', what: 'handle table', state: 'RW', change: '128' })
  })

  it('says new where no byte is marked, and no protection where nothing is committed', () => {
    const texts = walkRowTexts({ ...region, state: 1, protect: 0, change: 1, changedBytes: 0 })
    expect(texts).toMatchObject({ what: 'handle table', state: 'reserved', change: 'new' })
  })

  it('tells free space by its state alone', () => {
    expect(walkRowTexts({ ...region, state: 0, protect: 0, owner: '', change: 0, changedBytes: 0 })).toMatchObject({ what: 'free', state: '', change: '' })
  })

  it('tells request and handle of a block', () => {
    const block: WalkRow = { kind: 'block', address: 0x40b70, bytes: 32, entry: 'busy', inside: BlockKind.BackEnd, heap: 0x40000, data: 0x40b80, requestedBytes: 1, handle: 0xf0004, change: 0 }
    expect(walkRowTexts(block)).toMatchObject({ what: "block, handle 0x000F'0004", size: '32', state: '1 asked' })
    expect(walkRowHint(block)).toBe("block, handle 0x000F'0004, 32 bytes, 1 asked for")
    expect(walkRowTexts({ ...block, entry: 'free', handle: 0 }).what).toBe('free block')
    const insides = ([['busy', BlockKind.LfhSlot], ['cached', BlockKind.LfhSlot], ['internal', BlockKind.LfhContainer], ['internal', BlockKind.Opaque]] as const).map(([entry, inside]) => walkRowTexts({ ...block, entry, inside, handle: 0 }).what)
    expect(insides).toEqual(['LFH slot', 'free LFH slot', 'LFH container', "the heap's own"])
  })

  it('makes a line for the clipboard', () => {
    expect(walkRowLine(region)).toBe("0x000F'0000\t4 KiB\thandle table\tRW\t128")
  })

  it('tells a pointing reader everything, and a list under marks no more than the segment', () => {
    expect(walkRowHint(region)).toBe('handle table, committed, read, write, 4,096 bytes')
    expect(segmentText("console 'a' heap, segment 2")).toBe('segment 2')
    expect(segmentText('handle table')).toBe('handle table')
  })
})
