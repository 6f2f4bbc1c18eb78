import { expect, test } from 'vitest'
import type { ProcessRecord } from '../../../shared/model/live-capture'
import { processLines } from './process-tree'

const process = (pid: number, parentPid: number, name: string, startedAt = String(1000 + pid)): ProcessRecord => ({ pid, parentPid, name, bits: 64, user: 'LAB\\ann', privateBytes: 1, workingSetBytes: 1, threads: 1, session: 1, startedAt, access: 'open' })
const drawn = (processes: readonly ProcessRecord[], search = ''): string[] => processLines(processes, search).map(({ process: { name }, level }) => '  '.repeat(level - 1) + name)

test('children stand under their parents, in order of start', () => {
  expect(drawn([process(30, 10, 'late', '1300'), process(20, 10, 'early', '1200'), process(10, 1, 'shell'), process(40, 20, 'grandchild', '1400')])).toEqual(['shell', '  early', '    grandchild', '  late'])
})

test('a parent whose id belongs to a younger process is none; rings come once', () => {
  expect(drawn([process(10, 20, 'old', '100'), process(20, 1, 'young', '200')])).toEqual(['old', 'young'])
  expect(drawn([process(10, 20, 'a', '100'), process(20, 10, 'b', '100')]).length).toBeLessThanOrEqual(2)
})

test('a search keeps what matches all words, with its ancestors', () => {
  const all = [process(10, 1, 'shell'), process(20, 10, 'editor'), process(30, 10, 'mailer'), process(40, 20, 'helper')]
  expect(drawn(all, 'help')).toEqual(['shell', '  editor', '    helper'])
  expect(drawn(all, '30')).toEqual(['shell', '  mailer'])
  expect(drawn(all, 'ann mail')).toEqual(['shell', '  mailer'])
  expect(drawn(all, 'nothing')).toEqual([])
})
