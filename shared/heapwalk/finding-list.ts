import type { Address } from '../base/units'
import type { Finding } from '../model/heap-report'

/** Places of one kind that are told one by one before the rest is only counted. */
const TOLD_EACH = 20

export type FindingPlace = Partial<Pick<Finding, 'address' | 'lastGood' | 'raw' | 'decoded'>>

interface Counted {
  readonly finding: Finding
  count: number
}

/** Findings of one heap. A kind met very often is told with its first places and a count, so that a ruined heap gives a short list. */
export class FindingList {
  readonly #findings: Counted[] = []
  readonly #last = new Map<string, Counted>()
  readonly #ofCode = new Map<string, number>()

  add(code: string, severity: Finding['severity'], text: string, place: FindingPlace = {}): void {
    const told = (this.#ofCode.get(code) ?? 0) + 1
    this.#ofCode.set(code, told)
    if (told > TOLD_EACH) this.#last.get(code)!.count++
    else {
      const entry = { finding: { code, severity, text, count: 1, ...place }, count: 1 }
      this.#findings.push(entry)
      this.#last.set(code, entry)
    }
  }

  has(severity: Finding['severity']): boolean {
    return this.#findings.some(({ finding }) => finding.severity === severity)
  }

  count(code: string): number {
    return this.#ofCode.get(code) ?? 0
  }

  toFindings(): Finding[] {
    return this.#findings.map(({ finding, count }) => (count === 1 ? finding : { ...finding, count, text: `${finding.text} And ${count - 1} more of the kind.` }))
  }
}

export const hex = (address: Address): string => `0x${address.toString(16)}`

export function hexBytes(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ')
}
