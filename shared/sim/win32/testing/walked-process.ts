import { quietJob } from '../../../base/job-context'
import { mulberry32 } from '../../../base/random'
import { UNKNOWN_SIZE } from '../../../base/units'
import { dumpOfHeaps } from '../../../dumpfile/process-blocks'
import { BUILD_KEYS } from '../../../heapwalk/layouts/structure-table'
import { walkHeaps } from '../../../heapwalk/walk-heaps'
import { BlockState } from '../../../model/snapshot'
import { RegionState } from '../../../model/region-table'
import { buildsOfProfile } from '../../heap-bytes/nt-heap-plan'
import { resolveRequest } from '../../profiles'
import type { SimulatedProcess } from '../simulated-process'

/** Random calls on the process heap, with frequent sizes, freed in any order. */
export function work(process: SimulatedProcess, calls: number, look: () => void = () => {}): void {
  const random = mulberry32(11)
  const below = (limit: number): number => Math.floor(random() * limit)
  const heap = process.getProcessHeap()
  const blocks: number[] = []
  const size = (): number => (below(90) === 0 ? 200_000 + below(900_000) : below(9) === 0 ? below(20_000) : [24, 40, 200, 700][below(4)]! + below(3))
  for (let call = 0; call < calls; call++) {
    if (blocks.length === 0 || below(10) < 6) {
      const data = process.heapAlloc(heap, 0, size())
      if (data !== 0) blocks.push(data)
    } else if (below(8) > 0) process.heapFree(heap, 0, blocks.splice(below(blocks.length), 1)[0]!)
    else {
      const at = below(blocks.length)
      blocks[at] = process.heapReAlloc(heap, 0, blocks[at]!, size()) || blocks[at]!
    }
    look()
  }
}

/** Address, size, state and requested bytes (UNKNOWN_SIZE: the bytes do not tell) of a block the program or a front end has. */
export type Held = readonly [address: number, bytes: number, state: BlockState, requested: number]

/** Walks the bytes of a simulated process as a dump of that Windows would be walked: nothing but the memory is read. */
export async function walkMemory(process: SimulatedProcess): Promise<{ readonly held: Held[]; readonly damage: string[] }> {
  const { version } = process.settings
  const build = version.heap === 'segment-heap' ? BUILD_KEYS.find((key) => key === resolveRequest(version.heap, version.profile, {}).parameters['build'])! : buildsOfProfile('nt-lfh', version.profile).at(-1)!
  const { memory, tebs, build: number } = dumpOfHeaps(piecesOf(process), process.heaps().map(({ handle }) => handle), { bits: version.bits, build }, '')
  const { blocks, heapReports } = await walkHeaps({ memory, bits: version.bits, build: number, tebs, addressSpace: { low: 0x10000, high: version.bits === 64 ? 2 ** 47 : 2 ** 32 } }, quietJob)
  const held: Held[] = []
  for (let row = 0; row < blocks.length; row++) {
    const state = blocks.state.at(row) as BlockState
    if (state === BlockState.Busy) held.push([blocks.address.at(row), blocks.size.at(row), state, blocks.requested.at(row)])
  }
  return { held: held.sort((a, b) => a[0] - b[0]), damage: heapReports.flatMap(({ findings }) => findings.filter(({ severity }) => severity === 'damage').map(({ text }) => text)) }
}

/** The same by the simulator's own account; sizes that the bytes do not tell are taken from the walk. */
export function heldBlocks(process: SimulatedProcess, walked: readonly Held[]): Held[] {
  const told = new Map(walked.map(([address, , , requested]) => [address, requested]))
  return process
    .heaps()
    .flatMap(({ handle }) => process.walkHeap(handle))
    .filter(({ kind }) => kind === 'busy')
    .map(({ address, consumedBytes, bytes }): Held => [address, consumedBytes, BlockState.Busy, told.get(address) === UNKNOWN_SIZE ? UNKNOWN_SIZE : bytes])
    .sort((a, b) => a[0] - b[0])
}

function piecesOf(process: SimulatedProcess): { address: number; bytes: Uint8Array; reservedBehind: number }[] {
  const { base, size, state, length } = process.regions()
  const pieces = []
  for (let row = 0; row < length; row++) {
    if (state.at(row) !== RegionState.Committed || base.at(row) > 0x7ff00000) continue
    const bytes = process.read(base.at(row), size.at(row))
    const hasRest = row + 1 < length && state.at(row + 1) === RegionState.Reserved
    pieces.push({ address: base.at(row), bytes, reservedBehind: hasRest ? size.at(row + 1) : 0 })
  }
  return pieces
}
