#!/usr/bin/env node
import { runCommandLine } from './command-line'
import { processOutput } from './output'

process.exitCode = await runCommandLine(process.argv.slice(2), processOutput)
