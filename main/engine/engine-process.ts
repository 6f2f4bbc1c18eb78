import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { toFailure } from '../../shared/base/errors'
import type { FromEngineProcess, ToEngineProcess } from '../../shared/ipc/engine-host-messages'
import { loadParquet } from '../files/parquet-wasm'
import { ComparisonSets } from './comparison-methods'
import { Documents } from './documents'
import { forgetPage } from './forget-page'
import { LiveClient, type LiveChannel } from './live-client'
import { HelperProcesses } from './helper-processes'
import { createHandlers } from './methods'
import { PathTable } from './path-table'
import { openSweepStore } from './sweep-store'
import { serveWindow } from './window-connection'
import { Workspaces } from './workspaces'

/*
 * Entry of the engine process: main registers paths under ids and connects windows; windows ask by id.
 */
const { parentPort } = process
const tell = (message: FromEngineProcess): void => parentPort.postMessage(message)

process.on('uncaughtException', (error) => {
  tell({ type: 'fatal', error: toFailure(error) })
  process.exit(1)
})

void loadParquet()
const sources = new PathTable()
const targets = new PathTable()
const live = new LiveClient(() => tell({ type: 'live-start' }))
const helpers = new HelperProcesses(tell)
const sweepStore = openSweepStore(process.argv[2]!, programDigest())
const documents = new Documents()
const workspaces = new Workspaces()
const comparisons = new ComparisonSets({ documents, sources })
const handlers = createHandlers({ documents, workspaces, comparisons, sources, targets, live, startHelper: helpers.start, sweepStore, tell })
/** Pages that listen. */
let pages = 0

function pageLeft(): void {
  pages--
  if (pages === 0) forgetPage({ comparisons, documents, workspaces })
}

/** Of this bundle, which names its parts by their content: another build, another digest. */
function programDigest(): string {
  return createHash('sha256').update(readFileSync(__filename)).digest('hex').slice(0, 20)
}

parentPort.on('message', ({ data, ports }) => {
  const message = data as ToEngineProcess
  switch (message.type) {
    case 'register-source':
      sources.register(message.sourceId, message)
      return tell({ type: 'registered', id: message.sourceId })
    case 'register-target':
      targets.register(message.targetId, message)
      return tell({ type: 'registered', id: message.targetId })
    case 'connect':
      pages++
      return serveWindow(ports[0]!, handlers, pageLeft)
    case 'live-connect':
      return live.connect(ports[0] as unknown as LiveChannel)
    case 'helper':
      return helpers.arrived(message.helperId, ports[0]!)
    case 'helper-ended':
      return helpers.ended(message.helperId, message.reason)
  }
})
