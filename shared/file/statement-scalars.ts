import { STATED_FIGURES, type HeapStatement, type SizeStatement } from '../model/heap-statement'
import type { RegionTotal } from '../model/region-table'
import { optional, parseCounter, parseFinding } from './heap-report-scalars'
import { choiceAt, corrupt, integerAt, listAt, objectAt, stringAt, type JsonValue } from './json-check'

/** What a source states of its heaps: nothing, or one statement per heap. Throws format-corrupt. */
export function parseHeapStatements(value: JsonValue | undefined, heaps: number): HeapStatement[] {
  if (value === undefined) return []
  const statements = listAt(value, 'heapStatements', parseStatement)
  if (statements.length !== heaps) throw corrupt('heapStatements', `${heaps} statements, one per heap`, statements.length)
  return statements
}

function parseStatement(value: JsonValue, path: string): HeapStatement {
  const statement = objectAt(value, path)
  const stated = objectAt(statement['stated'], `${path}.stated`)
  // In the file's order, so that saving again gives the same bytes.
  const figures = Object.keys(stated).map((name) => [choiceAt(name, `${path}.stated`, STATED_FIGURES), integerAt(stated[name], `${path}.stated.${name}`)] as const)
  return {
    stated: Object.fromEntries(figures),
    ...optional(statement, 'flags', path, (item, at) => integerAt(item, at)),
    ...optional(statement, 'frontEnd', path, stringAt),
    sizes: listAt(statement['sizes'], `${path}.sizes`, parseSize),
    findings: listAt(statement['findings'], `${path}.findings`, parseFinding),
    counters: listAt(statement['counters'], `${path}.counters`, parseCounter),
  }
}

function parseSize(value: JsonValue, path: string): SizeStatement {
  const size = objectAt(value, path)
  const at = (name: keyof SizeStatement): number => integerAt(size[name], `${path}.${name}`)
  return { sizeBytes: at('sizeBytes'), blocks: at('blocks'), totalBytes: at('totalBytes') }
}

/** Sums over regions as a source states them. Throws format-corrupt. */
export function parseRegionTotals(value: JsonValue | undefined): RegionTotal[] {
  if (value === undefined) return []
  return listAt(value, 'regionTotals', (item, path) => {
    const total = objectAt(item, path)
    const regions = total['regions']
    return {
      group: stringAt(total['group'], `${path}.group`),
      name: stringAt(total['name'], `${path}.name`),
      regions: regions === null ? null : integerAt(regions, `${path}.regions`),
      bytes: integerAt(total['bytes'], `${path}.bytes`),
    }
  })
}
