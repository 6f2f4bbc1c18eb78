import { Column } from '../../../base/column'
import { mulberry32 } from '../../../base/random'
import { CallStacks } from '../../../model/call-stacks'
import { TraceBuilder, type Trace } from '../../../model/trace'

export interface TraceShape {
  readonly seed: number
  readonly frames: number
  readonly stacks: number
  readonly sites: number
  readonly events: number
}

/**
 * A trace whose calls come from a random tree of call paths: shallow rows are called from often, so that paths share
 * their beginnings as those of programs do; some frames have no function, some sites no path, some calls no site.
 */
export function randomTrace({ seed, frames, stacks, sites, events }: TraceShape): Trace {
  const random = mulberry32(seed)
  const below = (count: number): number => Math.floor(random() * count)
  const tables = new CallStacks()
  for (let frame = 0; frame < frames; frame++) {
    const isNamed = frame % 7 !== 3
    tables.frames.add({
      module: `/opt/module-${frame % 5}`,
      function: isNamed ? `function${frame % Math.ceil(frames * 0.8)}` : '',
      file: isNamed ? `part-${frame % 11}.c` : '',
      line: isNamed ? 1 + (frame % 900) : 0,
      address: 0x400000 + frame * 16,
    })
  }
  for (let row = 0; row < stacks; row++) tables.stacks.add(below(frames), row === 0 || random() < 0.01 ? -1 : below(row))
  const names: string[] = []
  const stackOf = new Column('i32')
  for (let site = 0; site < sites; site++) {
    names.push(`site ${site}`)
    stackOf.push(stacks === 0 || random() < 0.05 ? -1 : below(stacks))
  }
  const origin = { file: 'random', format: 'random', partial: false, notes: [] }
  const builder = new TraceBuilder(origin, { site: true })
  builder.trace.sites = { names, calls: { tables, stackOf } }
  const live: number[] = []
  for (let event = 0; event < events; event++) {
    const place = below(live.length)
    const chance = random()
    let site = -1
    if (live.length > 0 && chance < 0.4) {
      builder.free(live[place]!)
      live[place] = live[live.length - 1]!
      live.pop()
    } else {
      if (sites > 0 && random() < 0.97) site = below(sites)
      const size = chance > 0.98 ? 0 : 1 + below(4000)
      if (live.length > 0 && chance < 0.5) builder.realloc(live[place]!, size)
      else live.push(builder.alloc(size))
    }
    builder.trace.site!.push(site)
  }
  return builder.finish(origin)
}
