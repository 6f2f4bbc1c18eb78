import type { FakeProcess, FakeStage } from './fake-process'
import { blocksOf } from './fake-items'

const STAGES = 6

/** A program that leaks: each capture finds more blocks of one size, and the holes of the others grow. */
function leaking(step: number): FakeStage {
  return { heaps: [[...blocksOf(1500, 6, 4), ...blocksOf(400 * step, 9, 7, 10_000)], blocksOf(60, 300), blocksOf(220, 12, 2 + (step % 2))], otherBytes: (6 + step) << 20 }
}
const still: readonly FakeStage[] = [{ heaps: [blocksOf(400, 5, 3)], otherBytes: 2 << 20 }]

/** A small computer: a shell with its children, a 32-bit program, one of 10 GB, and those that may not be read. */
export function demoProcesses(): FakeProcess[] {
  return [
    { pid: 4, name: 'System', bits: 64, stages: still, user: null, access: 'denied' },
    { pid: 620, parentPid: 4, name: 'csrss.exe', bits: 64, stages: still, user: null, access: 'protected' },
    { pid: 3044, parentPid: 2980, name: 'explorer.exe', bits: 64, stages: still },
    { pid: 4120, parentPid: 3044, name: 'editor.exe', bits: 64, stages: Array.from({ length: STAGES }, (_, step) => leaking(step + 1)) },
    { pid: 4188, parentPid: 4120, name: 'editor-helper.exe', bits: 32, stages: still },
    { pid: 5012, parentPid: 3044, name: '<img src=x onerror=alert(1)>.exe', bits: 64, stages: still },
    { pid: 5300, parentPid: 3044, name: 'short-lived.exe', bits: 64, stages: still, endsAt: { call: 'facts', time: 1 } },
    { pid: 5600, parentPid: 3044, name: 'database.exe', bits: 64, stages: [{ heaps: still[0]!.heaps, otherBytes: 10 * 2 ** 30 }] },
    { pid: 912, parentPid: 4, name: 'service-host.exe', bits: 64, stages: still, user: 'NT AUTHORITY\\SYSTEM', access: 'elevation' },
  ]
}
