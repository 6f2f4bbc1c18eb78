import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { MemorySource } from '../../base/byte-source'
import { quietJob } from '../../base/job-context'
import { checkProfile } from '../../model/check-profile'
import { findMeasure, measureTotal, Profile } from '../../model/profile'
import { importSource } from '../import-source'

const DATA = process.env['HEAPSCAPE_DATA'] ?? '../shared/data'

/** Names of the real files of a folder; they are not part of the project, and suites that need them are skipped without. */
export const realFiles = (folder: string): string[] => (existsSync(join(DATA, folder)) ? readdirSync(join(DATA, folder)).sort() : [])

export const realBytes = (folder: string, file: string): Uint8Array => readFileSync(join(DATA, folder, file))

/** Opens a real file as any other, by content; it must be a sound profile of that format. */
export async function openRealProfile(folder: string, file: string, format: string): Promise<Profile> {
  const profile = await importSource(new MemorySource(realBytes(folder, file), 'unknown'), { mode: 'compatible' }, quietJob)
  expect(profile).toBeInstanceOf(Profile)
  expect(profile.origin.format).toBe(format)
  expect(checkProfile(profile as Profile)).toEqual([])
  return profile as Profile
}

/** Reads a text as a profile with one importer's own reader. */
export const readText = (read: (source: MemorySource, options: { mode: 'compatible' | 'strict' }, job: typeof quietJob) => Promise<Profile>) =>
  (text: string, mode: 'compatible' | 'strict' = 'compatible'): Promise<Profile> => read(new MemorySource(new TextEncoder().encode(text), 'test'), { mode }, quietJob)

/** Sum of a measure over the sites; undefined when there is no such measure. */
export function totalOf(profile: Profile, id: string): number | undefined {
  const measure = findMeasure(profile.measures, id)
  return measure === undefined ? undefined : measureTotal(measure)
}

export const noteCodes = (profile: Profile): string[] => profile.origin.notes.map(({ code, count, firstLine }) => `${code} x${count} @${firstLine ?? '-'}`)
