import { PAGE_BYTES } from '../../../base/units'

/** Memory to be put into a dump; `reservedBehind` bytes of reserved address space follow it. */
export interface DumpedMemory {
  readonly address: number
  readonly bytes: Uint8Array
  readonly reservedBehind?: number
}

export interface DumpPlan {
  readonly architecture: 0 | 9 | 12
  readonly build: number
  readonly tebs: readonly number[]
  readonly memory: readonly DumpedMemory[]
  /** Leave out the list of regions. */
  readonly withoutMemoryInfo?: boolean
}

/** A minidump with system information, threads, one module, regions and memory. */
export function writeDump(plan: DumpPlan): Uint8Array {
  const streams: { readonly type: number; readonly bytes: Uint8Array }[] = [
    { type: 7, bytes: systemInfo(plan) },
    { type: 3, bytes: threadList(plan) },
  ]
  if (plan.withoutMemoryInfo !== true) streams.push({ type: 16, bytes: memoryInfo(plan) })
  const memoryBytes = plan.memory.reduce((sum, { bytes }) => sum + bytes.length, 0)
  const listBytes = 16 + 16 * plan.memory.length
  let offset = 32 + 12 * (streams.length + 1)
  const directory: number[][] = []
  for (const { type, bytes } of streams) {
    directory.push([type, bytes.length, offset])
    offset += bytes.length
  }
  directory.push([9, listBytes, offset])
  const file = new Uint8Array(offset + listBytes + memoryBytes)
  const view = new DataView(file.buffer)
  ;[0x504d444d, 0xa793, directory.length, 32, 0, 1_600_000_000, 2, 0].forEach((value, i) => view.setUint32(4 * i, value, true))
  directory.forEach((entry, i) => entry.forEach((value, k) => view.setUint32(32 + 12 * i + 4 * k, value, true)))
  streams.forEach(({ bytes }, i) => file.set(bytes, directory[i]![2]!))
  view.setBigUint64(offset, BigInt(plan.memory.length), true)
  view.setBigUint64(offset + 8, BigInt(offset + listBytes), true)
  let at = offset + listBytes
  plan.memory.forEach(({ address, bytes }, i) => {
    view.setBigUint64(offset + 16 + 16 * i, BigInt(address), true)
    view.setBigUint64(offset + 24 + 16 * i, BigInt(bytes.length), true)
    file.set(bytes, at)
    at += bytes.length
  })
  return file
}

function systemInfo({ architecture, build }: DumpPlan): Uint8Array {
  const bytes = new Uint8Array(56)
  const view = new DataView(bytes.buffer)
  view.setUint16(0, architecture, true)
  view.setUint8(6, 1)
  view.setUint32(8, build < 10_000 ? 6 : 10, true)
  view.setUint32(12, build < 10_000 ? 1 : 0, true)
  view.setUint32(16, build, true)
  view.setUint32(20, 2, true)
  return bytes
}

function threadList({ tebs }: DumpPlan): Uint8Array {
  const bytes = new Uint8Array(4 + 48 * tebs.length)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, tebs.length, true)
  tebs.forEach((teb, i) => {
    view.setUint32(4 + 48 * i, 100 + i, true)
    view.setBigUint64(4 + 48 * i + 16, BigInt(teb), true)
  })
  return bytes
}

function memoryInfo({ memory }: DumpPlan): Uint8Array {
  const entries = memory.flatMap(({ address, bytes, reservedBehind }) => {
    const base = address - (address % PAGE_BYTES)
    const end = Math.ceil((address + bytes.length) / PAGE_BYTES) * PAGE_BYTES
    const committed = { base, size: end - base, state: 0x1000 }
    return reservedBehind === undefined ? [committed] : [committed, { base: end, size: reservedBehind, state: 0x2000 }]
  })
  const out = new Uint8Array(16 + 48 * entries.length)
  const view = new DataView(out.buffer)
  view.setUint32(0, 16, true)
  view.setUint32(4, 48, true)
  view.setBigUint64(8, BigInt(entries.length), true)
  entries.forEach(({ base, size, state }, i) => {
    const at = 16 + 48 * i
    view.setBigUint64(at, BigInt(base), true)
    view.setBigUint64(at + 8, BigInt(base), true)
    view.setBigUint64(at + 24, BigInt(size), true)
    view.setUint32(at + 32, state, true)
    view.setUint32(at + 36, 4, true)
    view.setUint32(at + 40, 0x20000, true)
  })
  return out
}
