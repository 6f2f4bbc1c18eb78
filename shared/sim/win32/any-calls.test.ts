import { expect, test } from 'vitest'
import { apiFunctions } from './api-catalog'
import { apiHandlers } from './api-handlers'
import { keepsInvariants } from './testing/any-calls'
import { variants } from './testing/process-properties'

test('every call of the catalogue can be drawn', () => {
  expect(apiFunctions.map(({ name }) => name).sort()).toEqual([...apiHandlers.keys()].sort())
})

test.each(variants)('calls of all kinds with arguments of all kinds keep every invariant, %s', (_name, options) => keepsInvariants(options, 40, 12, 5))
