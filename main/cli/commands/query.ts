import { csvLine } from '../../../shared/report/csv-line'
import { textTable } from '../../../shared/report/text-table'
import { queryDataset, type QueryValue } from '../../query/query-dataset'
import { type Command, ExitCode } from '../arguments'
import { withJob } from '../input'
import { jsonText } from '../output'

export const queryCommand: Command = {
  name: 'query',
  usage: "'SQL' DIR [--csv|--json]",
  summary: 'asks the Parquet files of sweeps (table: figures) with SQL',
  options: { csv: { type: 'boolean' }, json: { type: 'boolean' } },
  takes: [2, 2],
  run: async ([sql, folder], values, output) => {
    const { columns, rows, cut } = await withJob('querying', () => queryDataset(sql!, folder!))
    if (values['json'] === true) output.result(jsonText({ columns, rows, cut }))
    else if (values['csv'] === true) output.result([columns, ...rows].map(csvLine).join('\n'))
    else output.result([textTable([columns, ...rows.map((row) => row.map(plainCell))]), ...(cut ? [`(first ${rows.length} rows)`] : [])].join('\n'))
    return ExitCode.Ok
  },
}

const plainCell = (value: QueryValue): string => (value === null ? '—' : String(value))
