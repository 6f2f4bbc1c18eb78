import { test } from 'vitest'
import { keepsInvariants } from './testing/any-calls'
import { agreesWithModel, comesOutAlike, versions } from './testing/process-properties'

// One of each manager; versions.long.ts has the others.
const few = versions.filter(([id]) => ['xp-x86', '7-x64', '10-x86', '11-24h2-x64-segment'].includes(id))

test.each(few)('calls of all kinds with arguments of all kinds keep every invariant, %s', (_name, options) => keepsInvariants(options, 40, 2, 5))
test.each(few)('random calls agree with a simple model after every step, %s', (_name, options) => agreesWithModel(options, 30, 1, 7))
test.each(few)('going back and carrying the rest out again gives the same bytes, %s', (_name, options) => comesOutAlike(options, 40, 1, 9))
