import { Op, type Trace } from '../../../model/trace'
import { SimulatedProcess } from '../simulated-process'

/** Carries a trace out as HeapAlloc, HeapReAlloc and HeapFree on the process heap; the most committed bytes of the process after any call. */
export function peakOfProcess(version: string, trace: Trace): number {
  const process = new SimulatedProcess({ version })
  const heap = process.getProcessHeap()
  const blocks = new Float64Array(trace.objects)
  let peak = process.counters.committedBytes
  for (let event = 0; event < trace.events; event++) {
    const object = trace.object.at(event)
    const op = trace.op.at(event)
    if (op === Op.Alloc) blocks[object] = process.heapAlloc(heap, 0, trace.size.at(event))
    else if (op === Op.Free) process.heapFree(heap, 0, blocks[object]!)
    else blocks[object] = process.heapReAlloc(heap, 0, blocks[object]!, trace.size.at(event)) || blocks[object]!
    peak = Math.max(peak, process.counters.committedBytes)
  }
  return peak
}

const SEGMENT_64 = [618496, 454656, 802816, 577536, 1744896, 1490944, 237568] as const
const SEGMENT_32 = [958464, 507904, 802816, 577536, 1744896, 1490944, 237568, 786432] as const
/** Its segments' headers take a page less. */
const SEGMENT_32_BEFORE_1709 = [954368, 503808, 798720, 573440, 1736704, 1482752, 233472, 741376] as const
const LFH_64 = [782336, 454656, 823296, 536576, 1753088, 1622016, 110592, 794624] as const
const LFH_32 = [434176, 475136, 811008, 532480, 1781760, 1880064, 106496, 802816] as const

/**
 * Peaks of G1 to G8 in a process of each Windows version. Nobody published any: these numbers are this simulator's own, frozen
 * so that a change of behaviour is seen.
 */
export const VERSION_PEAKS: Readonly<Record<string, readonly number[]>> = {
  nt31: [417792, 294912, 729088, 471040, 794624, 2334720, 106496, 712704],
  'xp-x86': [548864, 360448, 651264, 434176, 917504, 2191360, 106496, 724992],
  'xp-x64': [479232, 348160, 663552, 446464, 933888, 2248704, 110592, 716800],
  '7-x86': [499712, 483328, 1015808, 548864, 1634304, 2060288, 106496, 913408],
  '7-x64': [1380352, 516096, 1028096, 557056, 1642496, 1822720, 110592, 888832],
  '8.1-x86': [450560, ...LFH_32.slice(1)],
  '8.1-x64': [716800, 450560, ...LFH_64.slice(2)],
  '10-x86': LFH_32,
  '10-x64': LFH_64,
  '11-x86': LFH_32,
  '11-x64': LFH_64,
  ...Object.fromEntries(['10-1507', '10-1511', '10-1607', '10-1703'].map((build) => [`${build}-x64-segment`, [...SEGMENT_64, 745472]])),
  ...Object.fromEntries(['10-1709', '10-1803', '10-1809', '10-1809-upd', '10-1903', '10-2004', '11-21h2', '11-22h2', '11-24h2'].map((build) => [`${build}-x64-segment`, [...SEGMENT_64, 786432]])),
  ...Object.fromEntries(['10-1507', '10-1511', '10-1607', '10-1703'].map((build) => [`${build}-x86-segment`, SEGMENT_32_BEFORE_1709])),
  ...Object.fromEntries(['10-1709', '10-1803', '10-1809', '10-1809-upd', '10-1903', '10-2004'].map((build) => [`${build}-x86-segment`, SEGMENT_32])),
}
