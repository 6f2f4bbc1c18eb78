import { test } from 'vitest'
import { keepsInvariants } from './testing/any-calls'
import { variants } from './testing/process-properties'

test.each(variants)('many calls of all kinds with arguments of all kinds keep every invariant, %s', (_name, options) => keepsInvariants(options, 200, 60, 6))
