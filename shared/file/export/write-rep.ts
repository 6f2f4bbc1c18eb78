import { Op, type Trace } from '../../model/trace'
import { commonLosses, writeLines, type Loss, type TraceTarget } from './trace-target'

/**
 * The course's text format: four numbers (wished heap size, ids, operations, weight), then one operation a line. Heap
 * size and weight are not used by the course's driver for utilisation; they are written as 0 and 1.
 */
export const repTarget: TraceTarget = {
  id: 'malloclab',
  title: 'Malloc lab trace',
  extensions: ['rep'],
  write: async (trace, sink, job) => {
    const { op, object, size } = trace
    await writeLines(trace, sink, job, `0\n${trace.objects}\n${trace.events}\n1\n`, (event) => {
      const operation = op.at(event)
      if (operation === Op.Alloc) return `a ${object.at(event)} ${size.at(event)}\n`
      if (operation === Op.Realloc) return `r ${object.at(event)} ${size.at(event)}\n`
      // -1 is the null pointer: a free without effect, as that of an unknown block is.
      return operation === Op.Free ? `f ${object.at(event)}\n` : 'f -1\n'
    })
    return [...commonLosses(trace).filter(({ code }) => code !== 'call-paths'), ...repLosses(trace)]
  },
}

function repLosses(trace: Trace): Loss[] {
  const { address, site, time, thread, origin } = trace
  const losses: Loss[] = []
  const lost = (is: boolean, code: string, text: string, count = 0): void => void (is && losses.push({ code, count, text }))
  lost(address !== undefined, 'addresses', 'Addresses are not kept: the layout as recorded is lost.')
  lost(site !== undefined, 'sites', 'Call sites are not kept.')
  lost(time !== undefined, 'times', 'Times are not kept.')
  lost(thread !== undefined, 'threads', 'Threads are not kept.')
  lost(origin.producer !== undefined, 'producer', 'The name of the recorder is not kept.')
  const toZero = countReallocsToZero(trace)
  lost(toZero > 0, 'realloc-to-zero', 'Reallocations to size 0 free in this format.', toZero)
  return losses
}

function countReallocsToZero({ op, size, events }: Trace): number {
  let count = 0
  for (let event = 0; event < events; event++) if (op.at(event) === Op.Realloc && size.at(event) === 0) count++
  return count
}
