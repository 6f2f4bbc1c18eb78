import type { HelperRole } from '../../shared/ipc/engine-host-messages'
import { loadParquet } from '../files/parquet-wasm'
import { joinParts, postInParts } from '../ports/large-messages'
import { serveRole } from './helper-roles'

/*
 * Entry of a helper process. Its role is its argument; its first message brings the port to the engine, and when that
 * closes nobody waits for an answer any more.
 */
const role = process.argv[2] as HelperRole

process.parentPort.once('message', ({ ports }) => {
  const port = ports[0]!
  const take = joinParts(serveRole(role, (answer) => postInParts((message) => port.postMessage(message), answer)))
  port.on('message', ({ data }) => take(data))
  port.on('close', () => process.exit(0))
  void loadParquet().then(() => port.start())
})
