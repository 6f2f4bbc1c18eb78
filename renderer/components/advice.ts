import type { ErrorCode } from '../../shared/base/errors'

/** What the reader of a failure can do next, in the window. One line per code; a missing one does not compile. */
export const ADVICE: Record<ErrorCode, string> = {
  cancelled: 'Nothing was changed. Start it again when you want it.',
  internal: 'This is a fault of Heapscape, not of your file. Save your runs, then try again; if it happens again, report the text above.',
  usage: 'Check the request and try again.',
  'file-unreadable': 'Check that the file is still where it was and that you may read it, then open it again.',
  'file-unwritable': 'Check that the folder exists, that you may write to it and that the disk has room, or save under another name.',
  'format-unknown': 'The start page lists what can be opened. Formats are told by content, so renaming the file does not help.',
  'format-truncated': 'The file was cut short while it was written or copied. Copy it again from its source.',
  'format-malformed': 'Look at the place named above. If another tool reads this file, it may be a variant that Heapscape does not know.',
  'format-too-new': 'The file was written by a newer Heapscape. Open it there, or update this one.',
  'format-corrupt': 'The content does not match its own checks. Use an older copy, or the source it was made from.',
  'compression-failed': 'Unpack the file with its own tool to see whether it is damaged, then open the unpacked file.',
  'input-too-large': 'Record a shorter stretch, or split the trace.',
  'trace-empty': 'Record again while the program allocates memory.',
  'document-unknown': 'It was closed meanwhile. Open it again.',
  'document-wrong-kind': 'Choose a document of the kind that is asked for.',
  'heap-unknown': 'Choose one of the heaps of the Simulate form.',
  'profile-unknown': 'Choose one of the profiles of this heap.',
  'parameter-unknown': 'Remove the parameter; the Simulate form shows those this heap has.',
  'parameter-invalid': 'Choose a value inside the range.',
  'workload-unknown': 'Choose one of the workloads of the Simulate form.',
  'event-out-of-range': 'Choose an event of this run.',
  'not-comparable': 'Compare runs of the same trace.',
  'engine-stopped': 'The engine is running again, without what was open. Open the document again; runs are made again with the same result.',
  'message-invalid': 'This is a fault of Heapscape. Save your runs and report the text above.',
}
