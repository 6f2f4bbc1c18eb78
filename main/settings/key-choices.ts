import * as z from 'zod/mini'
import { BINDING_PATTERN, LONGEST_BINDING, MOST_BINDINGS, MOST_CHANGED_COMMANDS } from '../../shared/base/key-bindings'

const binding = z.string().check(z.maxLength(LONGEST_BINDING), z.regex(BINDING_PATTERN))

/** Keys by command id, as the page sends them and the settings keep them. */
export const keyChoicesCheck = z
  .record(z.string().check(z.regex(/^[A-Za-z]+\.[A-Za-z0-9]{1,40}$/)), z.array(binding).check(z.maxLength(MOST_BINDINGS)))
  .check(z.refine((choices) => Object.keys(choices).length <= MOST_CHANGED_COMMANDS))
