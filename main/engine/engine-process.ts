import { toFailure } from '../../shared/base/errors'
import type { FromEngineProcess, ToEngineProcess } from '../../shared/ipc/engine-host-messages'
import { loadParquet } from '../files/parquet-wasm'
import { Documents } from './documents'
import { LiveClient, type LiveChannel } from './live-client'
import { createHandlers } from './methods'
import { PathTable } from './path-table'
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
const handlers = createHandlers({ documents: new Documents(), workspaces: new Workspaces(), sources, targets, live, tell })

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
      return serveWindow(ports[0]!, handlers)
    case 'live-connect':
      return live.connect(ports[0] as unknown as LiveChannel)
  }
})
