import type { CounterCheck, Discovery, Finding, HeapReport } from '../model/heap-report'
import { CONFIDENCES } from '../model/confidence'
import { booleanAt, choiceAt, corrupt, integerAt, listAt, numberAt, objectAt, optionalAt, stringAt, type JsonObject, type JsonValue } from './json-check'

const DISCOVERIES: readonly Discovery[] = ['peb', 'scan', 'peb+scan', 'list', 'list+scan']
const SEVERITIES: readonly Finding['severity'][] = ['note', 'warning', 'damage']

/** The heap reports of a snapshot: none, or one per heap. Throws format-corrupt. */
export function parseHeapReports(value: JsonValue | undefined, heaps: number): HeapReport[] {
  if (value === undefined) return []
  const reports = listAt(value, 'heapReports', parseReport)
  if (reports.length !== heaps) throw corrupt('heapReports', `${heaps} reports, one per heap`, reports.length)
  return reports
}

function parseReport(value: JsonValue, path: string): HeapReport {
  const report = objectAt(value, path)
  const at = (name: string): string => `${path}.${name}`
  const flags = objectAt(report['flags'], at('flags'))
  return {
    address: integerAt(report['address'], at('address')),
    flavour: stringAt(report['flavour'], at('flavour')),
    bits: choiceAt(String(report['bits']), at('bits'), ['32', '64'] as const) === '32' ? 32 : 64,
    layout: stringAt(report['layout'], at('layout')),
    confidence: choiceAt(report['confidence'], at('confidence'), CONFIDENCES),
    discovery: choiceAt(report['discovery'], at('discovery'), DISCOVERIES),
    flags: { value: integerAt(flags['value'], at('flags.value')), names: listAt(flags['names'], at('flags.names'), stringAt) },
    frontEnd: stringAt(report['frontEnd'], at('frontEnd')),
    backEnd: counts(report['backEnd'], at('backEnd'), ['busyBlocks', 'busyBytes', 'freeBlocks', 'freeBytes'] as const),
    lfh: counts(report['lfh'], at('lfh'), ['subSegments', 'busyBlocks', 'freeBlocks'] as const),
    ...counts(report, path, ['segments', 'reservedBytes', 'committedBytes', 'userBlocks', 'userBytes', 'uncommittedRanges', 'virtualAllocBlocks'] as const),
    findings: listAt(report['findings'], at('findings'), parseFinding),
    counters: listAt(report['counters'], at('counters'), parseCounter),
  }
}

function counts<K extends string>(value: JsonValue | undefined, path: string, keys: readonly K[]): Record<K, number> {
  const record = objectAt(value, path)
  return Object.fromEntries(keys.map((key) => [key, integerAt(record[key], `${path}.${key}`)])) as Record<K, number>
}

export function parseFinding(value: JsonValue, path: string): Finding {
  const finding = objectAt(value, path)
  return {
    code: stringAt(finding['code'], `${path}.code`),
    severity: choiceAt(finding['severity'], `${path}.severity`, SEVERITIES),
    text: stringAt(finding['text'], `${path}.text`),
    count: integerAt(finding['count'], `${path}.count`),
    ...optional(finding, 'address', path, (item, at) => integerAt(item, at)),
    ...optional(finding, 'lastGood', path, (item, at) => integerAt(item, at)),
    ...optional(finding, 'raw', path, stringAt),
    ...optional(finding, 'decoded', path, stringAt),
  }
}

export function optional<K extends string, T>(record: JsonObject, key: K, path: string, parse: (value: JsonValue, path: string) => T): { [P in K]?: T } {
  const value = optionalAt(record[key], `${path}.${key}`, parse)
  return (value === undefined ? {} : { [key]: value }) as { [P in K]?: T }
}

export function parseCounter(value: JsonValue, path: string): CounterCheck {
  const counter = objectAt(value, path)
  return {
    name: stringAt(counter['name'], `${path}.name`),
    stored: numberAt(counter['stored'], `${path}.stored`),
    walked: numberAt(counter['walked'], `${path}.walked`),
    equal: booleanAt(counter['equal'], `${path}.equal`),
  }
}
