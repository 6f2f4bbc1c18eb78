import { REGION_KIND_NAMES, REGION_MEASURES, REGION_STATE_NAMES } from '../../model/region-table'
import { BLOCK_KIND_NAMES, BLOCK_STATE_NAMES, type Snapshot } from '../../model/snapshot'

const SHOWN_ROWS = 80

/** Rows of a snapshot that was listed by somebody, not walked. */
export function listedLines(snapshot: Snapshot): string[] {
  const { regions, blocks, heaps, segments, owners, siteNames } = snapshot
  const lines = [`coverage ${snapshot.coverage}, regions ${snapshot.regionsComplete ? 'complete' : 'some'}, address space to 0x${snapshot.addressSpace.high.toString(16)}`]
  lines.push(...snapshot.heapStatements.map((statement, i) => `stated of ${heaps[i]!.name}: ${JSON.stringify(statement)}`))
  lines.push(...snapshot.regionTotals.map((total) => `total ${total.group} ${total.name}: ${total.bytes} bytes, ${total.regions ?? '-'} regions`))
  lines.push(...segments.slice(0, SHOWN_ROWS).map(({ heap, base, reservedBytes }) => `segment of heap ${heap} at 0x${base.toString(16)}, ${reservedBytes} bytes`))
  for (let row = 0; row < Math.min(regions.length, SHOWN_ROWS); row++) {
    const measures = REGION_MEASURES.flatMap((name) => (regions[name] === undefined ? [] : [`${name} ${regions[name].at(row)}`]))
    const words = [REGION_STATE_NAMES[regions.state.at(row)], REGION_KIND_NAMES[regions.kind?.at(row) ?? 0], `protect 0x${(regions.protect?.at(row) ?? 0).toString(16)}`, ...measures, owners[regions.owner.at(row)] ?? '-']
    lines.push(`region 0x${regions.base.at(row).toString(16)} ${regions.size.at(row)}  ${words.join('  ')}`)
  }
  for (let row = 0; row < Math.min(blocks.length, SHOWN_ROWS); row++) {
    const kind = BLOCK_KIND_NAMES[blocks.kind?.at(row) ?? 0]
    lines.push(`block 0x${blocks.address.at(row).toString(16)} ${blocks.size.at(row)}  requested ${blocks.requested.at(row)}  ${BLOCK_STATE_NAMES[blocks.state.at(row)]}  ${kind}  heap ${blocks.heap.at(row)}  ${siteNames[blocks.site?.at(row) ?? -1] ?? '-'}`)
  }
  return lines
}
