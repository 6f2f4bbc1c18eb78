import type { ParameterValue } from '../../../model/run'
import type { HeapProfile, ParameterDefinition } from '../catalog'
import { ntLfhParameters, ntXpParameters } from './nt-parameters'
import { ntLfhProfiles, ntXpProfiles } from './nt-profiles'

const INTRODUCTION = `# NT heaps

Two simulated managers: \`nt-xp\` (Windows XP: look-aside lists) and \`nt-lfh\` (Windows 7, 8.1, 10 and 11: low-fragmentation heap), with
profiles for 32 and 64 bits. A run tells on request why each block lies where it does and why the heap grew.

## What is simulated

- **Back end.** Best fit over free blocks sorted by size, of equal ones the block freed last; splitting, but never for a rest of one
  unit; merging with free neighbours; blocks above the largest size in reservations of their own.
- **Growth.** Pages of an uncommitted range are committed in steps, at the range of the lowest address that suffices; then a new
  segment, each twice as large as the one before.
- **Giving back.** A large free block is decommitted, but for its ends, once enough is free in total. Each committed run ends with the
  block that describes the uncommitted range behind it (from Windows Vista on).
- **Low-fragmentation heap.** Sizes are counted; the one that reaches the count has the front end made, and goes to it. 128 buckets,
  containers of a power of two cut into equal slots, a bitmap searched from a random place (Windows 8 and later) or a chain (Windows 7),
  a cache of empty containers, an active sub-segment for each affinity slot, chosen by the thread of the call.
- **Several heaps.** With \`heapPer\` each thread or call site of the trace has a heap of its own: the first is the process heap, further ones
  are private heaps (64 KB reserved at first). A block stays with its heap, whoever frees it.
- **Look-aside lists.** One LIFO list for each size up to 127 units, whose depth follows its misses.

\`heapscape convert RUN OUT.dmp\` writes a run of \`nt-lfh\` as the bytes of its heap in the layout of its Windows; all 31 known layouts walk back to
the simulated blocks, slots, ranges and counters.

## Checked against a real process

The heaps of a 32-bit program on Windows 7 x64, of both bitnesses, asked for again block by block in address order: every one of the 369
busy and 12 free entries of the back end comes to lie where Windows had it, with its size; overhead and TotalFreeSize are equal. All 152
slots have the size of their bucket; sub-segments have as many slots (41 of 24 bytes, 63 of 32, 50 of 40). The first four bytes of
their headers, XORed with heap, entry in granules and sub-segment, give one value in all 152: the key of the process
(\`shared/heapwalk/slot-code.test.ts\`). In Windows 8 and later they hold the distance to the container instead (three publications).

Living blocks alone do not tell what was freed between them. It shows in one of the 369: at 0x505690 (64-bit default heap) 32 bytes
have 64 where 48 would do, between busy blocks. The rule for a rest of one unit says how that came: a larger block was freed there, and its
hole handed out whole. The replay frees and asks for it likewise (\`shared/jobs/real-heaps.test.ts\`).

Every rule that two sources or real bytes support has a test that names it (\`shared/sim/heaps/windows-rules\`).

## Readings

| Topic | What is not known | Taken |
|---|---|---|
| Commit step | Windows 7 and later have tuning parameters of their own | SegmentCommit |
| Which uncommitted range | the order of the list | lowest address, segment by segment in the order they were made |
| Slots so far | "blocks handed out" of the rule for new sub-segments | slots in the sub-segments the bucket has |
| Random order | the table of a process | 256 values of 7 bits from the seed, then the next free slot |
| Partly free sub-segments | 16 are cached for each bucket | all are, the one that got its first free slot last in front |
| Release of segments | when, exactly | when all their blocks are free and enough is free in total |
| Look-aside depth | how a process adapts it | the rule of the kernel's lists |

Not simulated: guard pages behind containers, delayed frees, affinity slots that are added when threads collide (the number is a
parameter), page heap and other debug flags, the size of tables the heap keeps about itself.

## Figures

Confidence: high = two independent sources or real bytes, medium = one source, low = not verified, or a choice of ours. Sources in
short: dt = debugger output of real heaps of that version (\`dt _HEAP\`, \`!heap -a\`); RO = ReactOS, sdk/lib/rtl/heap.c and heap.h;
structures = published structure lists of the builds (AndreyBazhan/SymStore); decompiled = published decompilations of Windows 8 to 11.
`

const hexadecimal = (value: ParameterValue): string => (typeof value === 'number' && value >= 4096 ? `0x${value.toString(16)}` : String(value))

/** One row for each figure that several profiles share with one source. */
function rowsOf({ name, title }: ParameterDefinition, profiles: readonly HeapProfile[]): string[] {
  const groups = new Map<string, { row: string; ids: string[] }>()
  for (const { id, values, figures } of profiles) {
    const { confidence, source } = figures![name]!
    const row = `${hexadecimal(values[name]!)} | ${confidence} | ${source}`
    const group = groups.get(row)
    if (group === undefined) groups.set(row, { row, ids: [id] })
    else group.ids.push(id)
  }
  return [...groups.values()].map(({ row, ids }) => `| ${title} (\`${name}\`) | ${ids.length === profiles.length ? 'all' : ids.join(', ')} | ${row} |`)
}

function table(title: string, parameters: readonly ParameterDefinition[], profiles: readonly HeapProfile[]): string {
  const rows = parameters.flatMap((parameter) => rowsOf(parameter, profiles))
  return [`### ${title}`, '', '| Figure | Profiles | Value | Confidence | Source |', '|---|---|---|---|---|', ...rows].join('\n')
}

/** docs/nt-heaps.md: what the NT heaps do, the readings taken, and every figure with its source. */
export function ntMarkdown(): string {
  return [INTRODUCTION, table('nt-lfh', ntLfhParameters, ntLfhProfiles), '', table('nt-xp', ntXpParameters, ntXpProfiles), ''].join('\n')
}
