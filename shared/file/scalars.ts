import { assertNever } from '../base/assert'
import { UNKNOWN_SIZE } from '../base/units'
import type { AnyDocument, ContentionFigures, ParameterValue, RunRequest, RunSource } from '../model/run'
import { CONFIDENCES } from '../model/confidence'
import type { HeapRecord } from '../model/snapshot'
import { choiceAt, corrupt, integerAt, listAt, numberAt, objectAt, stringAt, type JsonObject, type JsonValue } from './json-check'
import { profileScalars } from './profile-tables'

/** Everything of a document that is not a table, as `document` in meta.json. */
export function scalarsOf(document: AnyDocument): JsonObject {
  // The records are plain data (text, numbers, booleans, lists of these), which is what JsonObject says.
  const origin = document.origin as unknown as JsonObject
  switch (document.kind) {
    case 'trace': {
      const { objects, recordsPerRealloc, hash } = document
      return { origin, objects, recordsPerRealloc, hash }
    }
    case 'snapshot': {
      const { pageBytes, addressSpace, event } = document
      const heaps = document.heaps as unknown as JsonValue
      const heapReports = document.heapReports as unknown as JsonValue
      return {
        origin, pageBytes, addressSpace, heaps,
        ...(document.heapReports.length === 0 ? {} : { heapReports }),
        ...(document.coverage === 'all' ? {} : { coverage: document.coverage }),
        ...(document.heapStatements.length === 0 ? {} : { heapStatements: document.heapStatements as unknown as JsonValue }),
        ...(document.regionTotals.length === 0 ? {} : { regionTotals: document.regionTotals as unknown as JsonValue }),
        ...(document.regionsComplete ? {} : { regionsComplete: false }),
        ...(event === undefined ? {} : { event }),
      }
    }
    case 'run': {
      const { events, timeAxis, pageBytes, addressSpace } = document
      const { request, source, heaps } = document as unknown as Record<'request' | 'source' | 'heaps', JsonValue>
      const contention = document.contention as unknown as JsonValue | undefined
      return { origin, request, source, events, timeAxis, pageBytes, addressSpace, heaps, ...(contention === undefined ? {} : { contention }) }
    }
    case 'profile':
      return profileScalars(document)
    default:
      return assertNever(document)
  }
}

export function parseAddressSpace(value: JsonValue | undefined): { low: number; high: number } {
  const space = objectAt(value, 'addressSpace')
  return { low: integerAt(space['low'], 'addressSpace.low'), high: integerAt(space['high'], 'addressSpace.high') }
}

export function parsePageBytes(value: JsonValue | undefined): number {
  return integerAt(value, 'pageBytes', 1, 2 ** 30)
}

export function parseHeaps(value: JsonValue | undefined): HeapRecord[] {
  return listAt(value, 'heaps', (item, path) => {
    const heap = objectAt(item, path)
    return {
      id: integerAt(heap['id'], `${path}.id`),
      name: stringAt(heap['name'], `${path}.name`),
      flavour: stringAt(heap['flavour'], `${path}.flavour`),
      base: integerAt(heap['base'], `${path}.base`),
      headerBytes: integerAt(heap['headerBytes'], `${path}.headerBytes`),
      granularity: integerAt(heap['granularity'], `${path}.granularity`),
      confidence: choiceAt(heap['confidence'], `${path}.confidence`, CONFIDENCES),
    }
  })
}

export function parseRequest(value: JsonValue | undefined): RunRequest {
  const request = objectAt(value, 'request')
  const parameters = objectAt(request['parameters'], 'request.parameters')
  const entries = Object.entries(parameters).map(([name, item]) => [name, parseParameter(item, `request.parameters.${name}`)] as const)
  return {
    heap: stringAt(request['heap'], 'request.heap'),
    profile: stringAt(request['profile'], 'request.profile'),
    parameters: Object.fromEntries(entries),
  }
}

function parseParameter(value: JsonValue, path: string): ParameterValue {
  if (typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'number') return numberAt(value, path)
  throw corrupt(path, 'a number, a text, true or false', value)
}

export function parseSource(value: JsonValue | undefined): RunSource {
  const source = objectAt(value, 'source')
  return {
    name: stringAt(source['name'], 'source.name'),
    format: stringAt(source['format'], 'source.format'),
    traceHash: stringAt(source['traceHash'], 'source.traceHash'),
  }
}

/** Counts of a run whose trace told threads. */
export function parseContention(value: JsonValue, path: string): ContentionFigures {
  const record = objectAt(value, path)
  const count = (name: string): number => integerAt(record[name], `${path}.${name}`, 0, UNKNOWN_SIZE)
  return { window: count('window'), threads: count('threads'), calls: count('calls'), contendedCalls: count('contendedCalls') }
}
