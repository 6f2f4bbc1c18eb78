import { RegionKind, RegionState } from '../../model/region-table'
import type { LogState } from './log-state'

/*
 * !address, today's table and the one of debuggers before 6.12, and both summaries; hexadecimal unless a unit follows.
 *
 *   +  7ffd`a0000000  7ffd`a0001000  0`00001000 MEM_IMAGE   MEM_COMMIT  PAGE_READONLY   Image  [ntdll; "C:\...\ntdll.dll"]
 *
 *       00010000 : 00010000 - 00002000                     base, size
 *                       Type     00020000 MEM_PRIVATE
 *                       Protect  00000004 PAGE_READWRITE
 *                       State    00001000 MEM_COMMIT
 *                       Usage    RegionUsageEnvironmentBlock
 *
 *   --- Usage Summary ---------------- RgnCount ----------- Total Size -------- %ofBusy %ofTotal
 *   Image                                   484        0`03a4b000 (  58.293 MB)   0.69%    0.00%
 *   -------------------- Usage SUMMARY --------------------------
 *      d3b4000 ( 216784) : 10.34%    13.32%    : RegionUsageImage
 */
const ROW = /^\s*\+?\s*([0-9a-f`]{1,18})\s+([0-9a-f`]{4,18})\s+([0-9a-f`]{4,18})(\s.*)?$/i
const OLD_ROW = /^\s*[0-9a-f`]{8,17} : ([0-9a-f`]{8,17}) - ([0-9a-f`]{8,17})\s*$/i
const OLD_FIELD = /^\s*(Type|Protect|State|Usage|Handle|Pid\.Tid)\s+(.*)$/
const SUMMARY = /^-+ (Usage|Type|State|Protect|Largest)\b.*(?:Summary|by Usage|RgnCount|-)/i
const TOTAL = /^(\S.*?)\s{2,}(\d+)\s+([0-9a-f`]{1,18}) \(\s*[\d.]+ [kKMGT]?B\)/
const LARGEST = /^(\S.*?)\s{2,}[0-9a-f`]{5,18}\s+([0-9a-f`]{5,18}) \(\s*[\d.]+ [kKMGT]?B\)/
const OLD_TOTAL = /^\s*([0-9a-f]+) \(\s*(\d+)\) :\s+[\d.]+%(?:\s+[\d.]+%)?\s+: (\S+)/i
const OLD_SUM = /^\s*Tot: ([0-9a-f]+) \(\s*(\d+) KB\) Busy: ([0-9a-f]+) \(\s*(\d+) KB\)/i
const KNOWN_WORDS = /^\s*(?:BaseAddress\s+EndAddress|TotSize \(|Largest free region|Mapping |Building |Failed to map Heaps|Usage:|%ofBusy|(?:ProcessParameters|Environment) [0-9a-f]+ in range)/i
const GROUPS: Readonly<Record<string, string>> = { usage: 'usage', type: 'type', state: 'state', protect: 'protection', largest: 'largest' }

const PROTECTIONS: Readonly<Record<string, number>> = {
  PAGE_NOACCESS: 0x01, PAGE_READONLY: 0x02, PAGE_READWRITE: 0x04, PAGE_WRITECOPY: 0x08, PAGE_EXECUTE: 0x10, PAGE_EXECUTE_READ: 0x20,
  PAGE_EXECUTE_READWRITE: 0x40, PAGE_EXECUTE_WRITECOPY: 0x80, PAGE_GUARD: 0x100, PAGE_NOCACHE: 0x200, PAGE_WRITECOMBINE: 0x400,
}

interface OldRegion {
  readonly base: number
  readonly end: number
  readonly fields: Map<string, string>
}

const hex = (text: string): number => Number.parseInt(text.replace('`', ''), 16)

export class AddressReader {
  readonly #log: LogState
  #group = ''
  #old: OldRegion | undefined
  /** Listed bytes by state, for the totals. */
  readonly #bytesOf = new Map<string, number>()
  #from = Number.NaN
  #end = Number.NaN
  #hasGap = false

  constructor(log: LogState) {
    this.#log = log
  }

  /** End of the listing when it shows every byte from its first region on, free ones too. */
  get wholeEnd(): number | undefined {
    return this.#hasGap || !this.#log.listsFree || Number.isNaN(this.#end) ? undefined : this.#end
  }

  read(text: string): boolean {
    const log = this.#log
    if (/^\s*BaseAddress\s+EndAddress\+1/i.test(text)) log.section = 'address'
    const summary = SUMMARY.exec(text)
    if (summary !== null) {
      this.flush()
      this.#group = GROUPS[summary[1]!.toLowerCase()]!
      log.section = 'totals'
      return true
    }
    return this.#readOld(text) || (log.section === 'address' && this.#readRow(text)) || (log.section === 'totals' && this.#readTotal(text)) || KNOWN_WORDS.test(text)
  }

  /** Puts down the region whose lines are being read. */
  flush(): void {
    const region = this.#old
    this.#old = undefined
    if (region === undefined) return
    const field = (name: string): string => region.fields.get(name) ?? ''
    this.#put(region.base, region.end, field('Type'), field('State'), field('Protect'), field('Usage').replace(/^RegionUsage/, ''), '')
  }

  /** Sums of rows beside the totals by state: both are of the same process, perhaps of two moments. */
  check(): void {
    const log = this.#log
    if (this.wholeEnd === undefined) return
    for (const { group, name, bytes } of log.totals) {
      if (group === 'state' && this.#bytesOf.has(name) && this.#bytesOf.get(name) !== bytes) log.note.otherTotal.hit(log.line)
    }
  }

  #readRow(text: string): boolean {
    const match = ROW.exec(text)
    if (match === null) return false
    const [base, end, size] = [this.#log.address(match[1]!), this.#log.address(match[2]!), hex(match[3]!)]
    const rest = (match[4] ?? '').trim()
    const type = /\bMEM_(?:PRIVATE|MAPPED|IMAGE)\b/.exec(rest)?.[0] ?? ''
    const state = /\bMEM_(?:COMMIT|RESERVE|FREE)\b/.exec(rest)?.[0] ?? ''
    const protect = /\bPAGE_\w+(?:\s*\|\s*PAGE_\w+)*/.exec(rest)?.[0] ?? ''
    const usage = rest.replace(type, '').replace(state, '').replace(protect, '').trim()
    if (end - base === size) this.#put(base, end, type, state, protect, usage.replace(/\s*\[.*$/, ''), /\[(.*)\]/.exec(usage)?.[1] ?? '')
    else this.#log.note.unreadable.hit(this.#log.line)
    return true
  }

  #readOld(text: string): boolean {
    const match = OLD_ROW.exec(text)
    if (match !== null) {
      this.flush()
      const base = this.#log.address(match[1]!)
      this.#old = { base, end: base + hex(match[2]!), fields: new Map() }
      this.#log.section = 'address'
      return true
    }
    const field = this.#old === undefined ? null : OLD_FIELD.exec(text)
    if (field === null) return false
    this.#old!.fields.set(field[1]!, field[2]!.trim())
    return true
  }

  #put(base: number, end: number, type: string, stateText: string, protectText: string, usage: string, detail: string): void {
    const log = this.#log
    if (!(base >= 0 && end > base && end <= Number.MAX_SAFE_INTEGER)) {
      log.note.unreadable.hit(log.line)
      return
    }
    if (Number.isNaN(this.#from)) this.#from = base
    else if (base !== this.#end) this.#hasGap = true
    this.#end = end
    const state = /MEM_(?:COMMIT|RESERVE|FREE)/.exec(stateText)?.[0] ?? ''
    this.#bytesOf.set(state, (this.#bytesOf.get(state) ?? 0) + end - base)
    if (state === 'MEM_FREE' || /^Free$/i.test(usage)) {
      log.listsFree = true
      return
    }
    // What neither type nor state is told of is a hole between the modules of a dump from another system.
    if (state === '' && type === '') {
      log.listsFree = true
      return
    }
    const protect = (protectText.match(/PAGE_\w+/g) ?? []).reduce((bits, name) => bits | (PROTECTIONS[name] ?? 0), 0)
    log.regions.push({ base, end, state: state === 'MEM_RESERVE' ? RegionState.Reserved : RegionState.Committed, kind: kindOf(usage, type), protect, owner: ownerOf(usage, detail) })
  }

  #readTotal(text: string): boolean {
    const { totals } = this.#log
    const total = this.#group === 'largest' ? null : TOTAL.exec(text)
    if (total !== null) {
      totals.push({ group: this.#group, name: total[1]!, regions: Number(total[2]), bytes: hex(total[3]!) })
      return true
    }
    const largest = LARGEST.exec(text)
    if (largest !== null) {
      totals.push({ group: 'largest', name: largest[1]!, regions: 1, bytes: hex(largest[2]!) })
      return true
    }
    return this.#readOldTotal(text)
  }

  #readOldTotal(text: string): boolean {
    const { totals, note, line } = this.#log
    const old = OLD_TOTAL.exec(text)
    if (old !== null) {
      const bytes = hex(old[1]!)
      if (bytes !== Number(old[2]) * 1024) note.otherTotal.hit(line)
      totals.push({ group: this.#group, name: old[3]!.replace(/^RegionUsage/, ''), regions: null, bytes })
      return true
    }
    const sum = OLD_SUM.exec(text)
    if (sum === null) return false
    totals.push({ group: this.#group, name: 'Total', regions: null, bytes: hex(sum[1]!) }, { group: this.#group, name: 'Busy', regions: null, bytes: hex(sum[3]!) })
    const rows = totals.filter(({ group, name }) => group === this.#group && name !== 'Total' && name !== 'Busy')
    if (rows.reduce((all, { bytes }) => all + bytes, 0) !== hex(sum[1]!)) note.otherTotal.hit(line)
    return true
  }
}

function kindOf(usage: string, type: string): RegionKind {
  const word = usage.toLowerCase()
  if (word.startsWith('heap') || word === 'pageheap') return RegionKind.Heap
  if (word.startsWith('stack')) return RegionKind.Stack
  if (/^(?:teb|peb|other|processparam\w*|environmentblock|activationcontextdata|nlstables|csrsharedmemory)/.test(word)) return RegionKind.Environment
  if (word.startsWith('image') || type === 'MEM_IMAGE') return RegionKind.Image
  if (word.startsWith('mappedfile') || type.includes('MEM_MAPPED')) return RegionKind.Mapped
  return type.includes('MEM_PRIVATE') ? RegionKind.Private : RegionKind.Unknown
}

const ownerOf = (usage: string, detail: string): string => (detail === '' ? (usage === '<unknown>' || usage === 'IsVAD' ? '' : usage) : `${usage} [${detail}]`)
