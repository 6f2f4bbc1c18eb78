import { ProtobufCursor, WireType } from '../../base/protobuf'
import { Field } from './fields'

/** Fields that are numbers; all others are messages, texts or packed lists. */
const NUMBERS: readonly number[] = [Field.DropFrames, Field.KeepFrames, Field.Time, Field.Duration, Field.Period, Field.Comment, Field.DefaultType, Field.DocUrl]
const FEWEST_FIELDS = 3

/** Sample types first, then fields of the kinds a profile has, up to the end of what can be seen. */
export function looksLikePprof(head: Uint8Array): boolean {
  const field = new ProtobufCursor()
  const type = new ProtobufCursor()
  field.set(head, 0, head.length)
  let fields = 0
  for (; field.next(); fields++) {
    if (fields === 0 && field.field !== Field.SampleType) return false
    if (field.field > Field.DocUrl) return false
    const isNumber = NUMBERS.includes(field.field)
    if (field.wireType !== (isNumber ? WireType.Varint : WireType.Bytes) && !(field.field === Field.Comment && field.wireType === WireType.Bytes)) return false
    if (field.field === Field.SampleType || field.field === Field.PeriodType) {
      type.set(head, field.start, field.stop)
      while (type.next()) if (type.field > 2 || type.wireType !== WireType.Varint) return false
      if (type.damaged) return false
    }
  }
  return fields >= FEWEST_FIELDS
}
