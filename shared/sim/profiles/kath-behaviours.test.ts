import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { kathBehaviours, kathReadings, type BehaviourStatus } from './kath-behaviours'

const simulator = path.join(import.meta.dirname, '..')
const withStatus = (...wanted: BehaviourStatus[]): number[] => kathBehaviours.filter(({ status }) => wanted.includes(status)).map(({ number }) => number)

/** Numbers in the names of tests: `it('K65 K66 consumes ...')`. */
function testedNumbers(): Set<number> {
  const files = fs.readdirSync(simulator, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.test.ts'))
  const texts = files.map((file) => fs.readFileSync(path.join(simulator, file), 'utf8'))
  const names = texts.flatMap((text) => [...text.matchAll(/^ *(?:it|test)(?:\.each\([\s\S]*?\))?\(\s*'((?:K\d+ )+)/gm)].map((match) => match[1]!))
  return new Set(names.flatMap((name) => [...name.matchAll(/K(\d+)/g)].map((match) => Number(match[1]))))
}

test('every numbered behaviour is listed once', () => {
  expect(kathBehaviours.map((behaviour) => behaviour.number)).toEqual(Array.from({ length: 87 }, (_, i) => i + 1))
})

test('all behaviours are tested but the overview, the model choices, what the window shows and what is wrong', () => {
  expect(withStatus('background')).toEqual([4])
  expect(withStatus('parameter')).toEqual([14, 21, 30, 48])
  expect(withStatus('view')).toEqual([70, 71, 72, 73])
  expect(withStatus('refused')).toEqual([81])
  expect(withStatus('tested')).toHaveLength(87 - 10)
})

test('every behaviour that is tested or a parameter has a test with its number', () => {
  const numbers = testedNumbers()
  expect(withStatus('tested', 'parameter').filter((number) => !numbers.has(number))).toEqual([])
})

test('readings say what is taken', () => {
  for (const { topic, text, reading } of kathReadings) expect([topic, text, reading].every((words) => words.length > 5)).toBe(true)
})
