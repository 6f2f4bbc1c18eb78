import { describe, expect, test } from 'vitest'
import { MemorySource } from '../../base/byte-source'
import { quietJob } from '../../base/job-context'
import { findMeasure, measureTotal, type Profile } from '../../model/profile'
import { readWpaHeader, readWpaNumber } from './columns'
import { looksLikeWpaHeap, parseWpaHeap } from './parse'

const encode = (text: string): Uint8Array => new TextEncoder().encode(text)
const parse = (text: string, mode: 'compatible' | 'strict' = 'compatible'): Promise<Profile> => parseWpaHeap(new MemorySource(encode(text), 'heap.csv'), { mode }, quietJob)
const totalOf = (profile: Profile, id: string): number => measureTotal(findMeasure(profile.measures, id)!)

const HEAD = 'Process,Handle,Type,Stack,Count,Size (B)\n'

describe('heap table of WPA', () => {
  test('counts as allocated what was allocated in the recording, and as left what was not freed in it', async () => {
    const profile = await parse(`${HEAD}a.exe,0x1,AIFI,[Root]/m!f,2,100\na.exe,0x1,AIFO,[Root]/m!f,1,10\na.exe,0x1,AOFI,n/a,1,1000\na.exe,0x1,AOFO,n/a,1,5000\n`)
    expect([totalOf(profile, 'allocated-bytes'), totalOf(profile, 'allocated-blocks')]).toEqual([110, 3])
    expect([totalOf(profile, 'end-bytes'), totalOf(profile, 'end-blocks')]).toEqual([5010, 2])
  })

  test('says nothing of what is left when the table has no type', async () => {
    const profile = await parse('Process,Stack,Size (MB)\na.exe,[Root]/m!f,0.5\n')
    expect(totalOf(profile, 'allocated-bytes')).toBe(524288)
    expect(findMeasure(profile.measures, 'end-bytes')).toBeUndefined()
    expect(profile.origin.lacking).toContain('frees')
  })

  test('turns stacks the right way round, the process outermost', async () => {
    const { sites } = await parse(`${HEAD}a.exe,0x1,AIFO,[Root]/nt.dll!Start/a.exe!main,1,8\n`)
    const { frames, stacks } = sites.calls!.tables
    const names: string[] = []
    for (let row = sites.calls!.stackOf.at(0); row >= 0; row = stacks.parent.at(row)) names.push(frames.function[stacks.frame.at(row)]!)
    expect(names).toEqual(['main', 'Start', 'a.exe'])
  })

  test('knows the header in any order and separator, and no other', () => {
    expect(readWpaHeader('Size (KB)\tAlloc Stack\tProcess')).toMatchObject({ size: 0, stack: 1, process: 2, sizeUnit: 1024, count: -1 })
    for (const header of ['address,size', 'Process,Size (B)', 'Process,Stack,Size', 'op,at,size']) expect(readWpaHeader(header)).toBeUndefined()
    expect(looksLikeWpaHeap(encode('Process,Stack,Size (B)'))).toBe(false)
  })

  test('reads numbers as they are exported', () => {
    expect(['1,234', '12.5', '7', '-1', '', 'x', '1e3'].map(readWpaNumber)).toEqual([1234, 12.5, 7, undefined, undefined, undefined, undefined])
  })

  test('refuses in strict mode what it cannot read, with the line', async () => {
    await expect(parse(`${HEAD}a.exe,0x1,AIFO,n/a,1,many\n`, 'strict')).rejects.toMatchObject({ code: 'format-malformed', where: { line: 2 } })
    await expect(parse(HEAD)).rejects.toThrow(/a row of allocations/)
  })
})
