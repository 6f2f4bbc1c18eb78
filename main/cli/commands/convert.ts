import path from 'node:path'
import { HeapscapeError } from '../../../shared/base/errors'
import { saveDocument } from '../../../shared/jobs/save-document'
import { writeFileAtomically } from '../../files/atomic-write'
import { type Command, ExitCode } from '../arguments'
import { importOptions, INPUT_OPTIONS, openInput, withJob } from '../input'

export const convertCommand: Command = {
  name: 'convert',
  usage: 'IN OUT.heapscape [--strict]',
  summary: 'writes any input as a .heapscape file',
  options: { ...INPUT_OPTIONS },
  takes: [2, 2],
  run: async ([input, out], values) => {
    if (path.extname(out!) !== '.heapscape') {
      throw new HeapscapeError('usage', { detail: `convert writes .heapscape files, got "${path.basename(out!)}"` })
    }
    const document = await openInput(input!, importOptions(values))
    await withJob('saving', (job) => writeFileAtomically(out!, (sink) => saveDocument(document, sink, {}, job)))
    return ExitCode.Ok
  },
}
