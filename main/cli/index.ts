#!/usr/bin/env node
import { loadParquet } from '../files/parquet-wasm'
import { runCommandLine } from './command-line'
import { processOutput } from './output'
import { runAsWorker, WORKER_ARGUMENT } from './sweep/forked-worker'

if (process.argv[2] === WORKER_ARGUMENT && process.connected) {
  await loadParquet()
  await runAsWorker()
} else {
  process.exitCode = await runCommandLine(process.argv.slice(2), processOutput)
}
