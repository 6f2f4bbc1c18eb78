import { expect, test } from 'vitest'
import { HeapscapeError } from '../../base/errors'
import { heapDefinitions, resolveRequest } from './index'

const codeOf = (work: () => unknown): string => {
  try {
    work()
  } catch (error) {
    if (error instanceof HeapscapeError) return error.code
  }
  return 'none'
}

test('every profile gives a value, inside its range, to every parameter and to nothing else', () => {
  for (const { id, parameters, profiles, defaultProfile } of heapDefinitions) {
    expect(profiles.map((profile) => profile.id)).toContain(defaultProfile)
    for (const profile of profiles) {
      expect(Object.keys(profile.values).sort()).toEqual(parameters.map((parameter) => parameter.name).sort())
      // Read back as overrides, the values pass every check.
      expect(resolveRequest(id, profile.id, profile.values)).toEqual(resolveRequest(id, profile.id, {}))
    }
  }
})

test('texts are read by type, aliases are known, dependent values follow', () => {
  const { heap, profile, parameters } = resolveRequest('ff', undefined, { align: '0x10', growExact: 'true', coalesce: 'deferred', minBlock: '20' })
  expect([heap, profile]).toEqual(['first-fit', 'csapp'])
  expect(parameters).toMatchObject({ align: 16, growExact: true, coalesce: 'deferred', minBlock: 32, splitMin: 32 })
})

test.each([
  ['heap-unknown', () => resolveRequest('fastest-fit', undefined, {})],
  ['profile-unknown', () => resolveRequest('ff', 'vax', {})],
  ['parameter-unknown', () => resolveRequest('ff', undefined, { colour: 1 })],
  ['parameter-invalid', () => resolveRequest('ff', undefined, { align: 12 })],
  ['parameter-invalid', () => resolveRequest('ff', undefined, { align: 'eight' })],
  ['parameter-invalid', () => resolveRequest('ff', undefined, { header: -1 })],
  ['parameter-invalid', () => resolveRequest('ff', undefined, { growExact: 'maybe' })],
  ['parameter-invalid', () => resolveRequest('ff', undefined, { splitMin: 8 })],
  ['parameter-invalid', () => resolveRequest('tlsf', undefined, { small: 16 })],
  ['parameter-invalid', () => resolveRequest('simpleseg', undefined, { minBlock: 24 })],
])('refuses with %s', (code, work) => {
  expect(codeOf(work)).toBe(code)
})
