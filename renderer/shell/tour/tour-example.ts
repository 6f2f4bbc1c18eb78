import { useDock } from '../../stores/dock'
import { useDocuments } from '../../stores/documents'
import { useDocumentView } from '../../stores/document-view'

/** The workload of holes, in the heap that leaves them, at the event before the requests that do not fit. */
const WORKLOAD = 'G6'
const HEAP = 'first-fit'
const EVENT = 6000

/** Brings the tour's run to the front, simulating it when it is not open. @throws HeapscapeError of the simulation */
export async function openTourExample(): Promise<void> {
  const documents = useDocuments()
  const dock = useDock()
  const open = documents.runs.find(({ request, source }) => request.heap === HEAP && source.name === `workload:${WORKLOAD}`)
  if (open !== undefined) return dock.showDocument(open.id)
  const made = documents.find(await documents.simulate({ input: { workload: WORKLOAD }, heap: HEAP, overrides: {} }, `${HEAP} on holes`).result)?.summary
  if (made?.kind !== 'run') return
  useDocumentView(made.id).setEvent(EVENT)
  dock.showDocument(made.id)
}
