import type { Address } from '../../base/units'
import { HeapInformation } from './constants'
import { Win32Error } from './error-codes'
import { enter } from './heap-calls'
import type { ProcessCore } from './process-core'

const { HeapCompatibilityInformation, HeapEnableTerminationOnCorruption, HeapOptimizeResources } = HeapInformation
const STANDARD = 0
const LOW_FRAGMENTATION = 2

/*
 * HeapSetInformation and HeapQueryInformation, of Windows XP and later (Microsoft, "HeapSetInformation function"):
 *
 *                                      XP            Vista to 8      8.1 and later
 *   HeapCompatibilityInformation  2    not modelled  makes the LFH   makes the LFH      fails for NO_SERIALIZE and fixed size
 *                                 0, 1 fails: what is on stays on; 0 succeeds where nothing is
 *   HeapEnableTerminationOnCorruption  once set, it stays for the process
 *   HeapOptimizeResources              -             -               gives caches back, of every heap with handle 0
 *
 * That an LFH which cannot be made gives ERROR_GEN_FAILURE is what users report; Microsoft names no code.
 */
export function heapSetInformation(core: ProcessCore, handle: Address, informationClass: number, value: number): number {
  const { version } = core.settings
  if (version.heap === 'kath-nt31') return core.fail(Win32Error.ERROR_CALL_NOT_IMPLEMENTED)
  switch (informationClass) {
    case HeapCompatibilityInformation:
      return setCompatibility(core, handle, value)
    case HeapEnableTerminationOnCorruption:
      // For the whole process; the heap's handle, which may be 0, says nothing.
      if (handle !== 0 && enter(core, handle, 0) === undefined) return 0
      if (value !== 0) return core.fail(Win32Error.ERROR_INVALID_PARAMETER)
      core.terminatesOnCorruption = true
      return 1
    case HeapOptimizeResources:
      return optimise(core, handle)
    default:
      return core.fail(Win32Error.ERROR_INVALID_PARAMETER)
  }
}

export function heapQueryInformation(core: ProcessCore, handle: Address, informationClass: number): number {
  if (core.settings.version.heap === 'kath-nt31') return core.fail(Win32Error.ERROR_CALL_NOT_IMPLEMENTED)
  const record = enter(core, handle, 0)
  if (record === undefined) return 0
  if (informationClass !== HeapCompatibilityInformation) return core.fail(Win32Error.ERROR_INVALID_PARAMETER)
  core.output = { kind: 'heap-information', value: record.heap.frontEnd }
  return 1
}

function setCompatibility(core: ProcessCore, handle: Address, value: number): number {
  const record = enter(core, handle, 0)
  if (record === undefined) return 0
  const { heap } = record
  if (value === heap.frontEnd) return 1
  if (value !== LOW_FRAGMENTATION) return core.fail(value === STANDARD ? Win32Error.ERROR_GEN_FAILURE : Win32Error.ERROR_INVALID_PARAMETER)
  if (core.settings.version.heap === 'nt-xp') return core.fail(Win32Error.ERROR_CALL_NOT_IMPLEMENTED)
  return heap.enableFrontEnd() ? 1 : core.fail(Win32Error.ERROR_GEN_FAILURE)
}

function optimise(core: ProcessCore, handle: Address): number {
  const { heap, id } = core.settings.version
  if (heap === 'nt-xp' || id.startsWith('7-')) return core.fail(Win32Error.ERROR_INVALID_PARAMETER)
  if (handle === 0) {
    for (const record of core.heaps.values()) record.heap.optimise()
    return 1
  }
  const record = enter(core, handle, 0)
  if (record === undefined) return 0
  record.heap.optimise()
  return 1
}
