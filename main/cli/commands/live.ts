import { HeapscapeError } from '../../../shared/base/errors'
import { textTable } from '../../../shared/report/text-table'
import type { ProcessRecord } from '../../../shared/model/live-capture'
import type { LiveSystem } from '../../live/live-system'
import { loadWindows } from '../../live/windows/load-windows'
import { type Command, ExitCode, type OptionValues, usageError } from '../arguments'
import { jsonText, type Output } from '../output'
import { captureOptions, captureToFiles } from '../live/capture-to-files'

const USAGE = 'list [--json] | live capture PID OUT [--every S --count N] [--with-bytes] [--dump] [--way auto|clone|suspended|running] [--budget MB] [--json]'

export const liveCommand: Command = liveCommandOf(() => loadWindows())

/** The command over a given system; tests give it a made-up one. */
export function liveCommandOf(load: () => Promise<LiveSystem>): Command {
  const command: Command = {
    name: 'live',
    usage: USAGE,
    summary: 'lists running processes and captures snapshots of one (Windows); OUT is .heapscape, or .dmp with --with-bytes or --dump',
    options: {
      json: { type: 'boolean' }, every: { type: 'string' }, count: { type: 'string' }, 'with-bytes': { type: 'boolean' }, dump: { type: 'boolean' }, way: { type: 'string' }, budget: { type: 'string' },
    },
    takes: [1, 3],
    run: async ([verb, pid, out], values, output) => {
      if (verb === 'list' && pid === undefined) return list(await load(), values, output)
      if (verb !== 'capture' || pid === undefined || out === undefined) throw usageError(command, 'expected "list" or "capture PID OUT"')
      const options = captureOptions(pid, out, values)
      if (typeof options === 'string') throw usageError(command, options)
      return captureToFiles(await load(), options, values['json'] === true, output)
    },
  }
  return command
}

function list(system: LiveSystem, values: OptionValues, output: Output): ExitCode {
  const processes = [...system.list()].sort((a, b) => a.pid - b.pid)
  if (system.openHandles !== 0) throw new HeapscapeError('internal', { detail: `${system.openHandles} handles are still open after the list` })
  if (values['json'] === true) output.result(jsonText({ system: system.title, privileges: system.privileges(), processes }))
  else output.result(textTable([['id', 'bits', 'private', 'working set', 'may be read', 'user', 'name'], ...processes.map(row)], [5, 6]))
  return ExitCode.Ok
}

const ACCESS_TEXTS: Readonly<Record<ProcessRecord['access'], string>> = { open: 'yes', elevation: 'elevated', protected: 'protected', denied: 'no', self: 'itself' }

const row = ({ pid, bits, privateBytes, workingSetBytes, access, user, name }: ProcessRecord): string[] =>
  [String(pid), bits === null ? '—' : String(bits), bytesText(privateBytes), bytesText(workingSetBytes), ACCESS_TEXTS[access], user ?? '—', printable(name)]

const bytesText = (bytes: number | null): string => (bytes === null ? '—' : bytes.toLocaleString('en'))

/** A name is chosen by whoever wrote the program: it must not steer the terminal. */
const printable = (text: string): string => text.replace(/[\u0000-\u001f\u007f-\u009f]/g, '�')
