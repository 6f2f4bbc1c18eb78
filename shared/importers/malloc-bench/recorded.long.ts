import { describe, test } from 'vitest'
import { LARGE, checkRecorded, recordedFiles } from './testing/recorded'

describe.skipIf(recordedFiles().length === 0)('large recorded files: sound, whole, with the number of blocks they state', () => {
  test.each(recordedFiles().filter((file) => LARGE.test(file)))('%s', checkRecorded)
})
