import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import * as z from 'zod/mini'
import { lessons } from '../../../shared/sim/lessons/lessons'
import { runCommand } from '../testing/run-command'
import { checkSchema } from '../testing/script-schema'

const count = z.int().check(z.minimum(0))
const partSchema = z.strictObject({
  title: z.string(),
  machine: z.enum(['heap', 'console', 'threads']),
  script: z.string(),
  options: z.record(z.string(), z.unknown()),
  stops: z.array(z.strictObject({ line: count, lookAt: z.string() })),
  operations: count,
  asserts: z.array(checkSchema).check(z.minLength(1)),
})
const lessonSchema = z.strictObject({
  number: count,
  id: z.string(),
  title: z.string(),
  idea: z.string(),
  text: z.array(z.string()).check(z.minLength(1)),
  readings: z.array(z.strictObject({ topic: z.string(), text: z.string(), reading: z.string(), option: z.optional(z.string()) })),
  source: z.string(),
  operations: count,
  ok: z.boolean(),
  parts: z.array(partSchema).check(z.minLength(1)),
})
const listSchema = z.array(z.strictObject({ number: count, id: z.string(), title: z.string(), idea: z.string(), parts: count }))

describe('lesson', () => {
  it('lists sixteen lessons', async () => {
    const { code, json } = await runCommand('lesson', '--json')
    expect(code).toBe(0)
    expect(listSchema.parse(json()).map(({ number }) => number)).toEqual(Array.from({ length: 16 }, (_, i) => i + 1))
    expect((await runCommand('lesson')).text.split('\n')).toHaveLength(16)
  })

  it.each(lessons.map(({ number, id }) => [number, id] as const))('%i %s checks all of its figures, with exactly the documented keys', async (number, id) => {
    const { code, json } = await runCommand('lesson', id, '--json')
    const described = lessonSchema.parse(json())
    expect(described.parts.flatMap(({ asserts }) => asserts.filter(({ ok }) => !ok))).toEqual([])
    expect([code, described.ok, described.number]).toEqual([0, true, number])
    for (const { script, stops } of described.parts) for (const { line } of stops) expect(line).toBeLessThanOrEqual(script.split('\n').length)
  })

  it('says the reading taken where the article contradicts itself', async () => {
    const { text } = await runCommand('lesson', '6')
    expect(text).toContain('Lock limit: One byte is said to count to 256 (0xFF). Here: It counts to 255')
    expect(text).toMatch(/every figure holds$/)
  })

  it('exits with 1 when a figure does not hold, and with 2 for a lesson there is not', async () => {
    const part = lessons[0]!.parts[0]! as { script: string }
    const script = part.script
    try {
      part.script = script.replace('assert holes = 5', 'assert holes = 6')
      const { code, text } = await runCommand('lesson', '1')
      expect(code).toBe(1)
      expect(text).toContain('FAILED, expected = 6: 5')
      expect(text).toMatch(/1 figures differ$/)
    } finally {
      part.script = script
    }
    expect(await runCommand('lesson', 'none')).toMatchObject({ code: 2, errors: [expect.stringContaining('lesson-unknown')] })
  })

  it('documents every key that JSON holds', () => {
    const page = readFileSync(path.join(import.meta.dirname, '../../../docs/cli.md'), 'utf8')
    for (const { shape } of [lessonSchema, partSchema, checkSchema]) for (const key of Object.keys(shape)) expect(new RegExp(`\`[^\`]*\\b${key}\\b[^\`]*\``).test(page), key).toBe(true)
  })
})
