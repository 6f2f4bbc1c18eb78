import { describe, test } from 'vitest'
import { agreesWithModel, comesOutAlike, variants } from './testing/process-properties'

describe.each(variants)('many random calls, %s', (_name, options) => {
  test('agree with the model after every step, and leave nothing behind', () => agreesWithModel(options, 150, 300, 3))
  test('come out alike, byte by byte, when they are carried out again', () => comesOutAlike(options, 150, 150, 4))
})
