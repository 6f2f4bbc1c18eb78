import type { OfMoment } from '../../shared/ipc/blocks-api'
import { MOST_SEGMENTS_TOLD, type Moment } from '../../shared/ipc/engine-api'
import { engine, type RequestOptions } from './engine-client'

/** A moment with all its segments, however many there are: those beyond the first come page by page. */
export async function engineMoment(of: OfMoment, options: RequestOptions): Promise<Moment> {
  const moment = await engine.request('moment', of, options)
  if (moment.segments.length === moment.segmentCount) return moment
  const segments = [...moment.segments]
  while (segments.length < moment.segmentCount) {
    const page = await engine.request('segmentPage', { ...of, offset: segments.length, count: MOST_SEGMENTS_TOLD }, options)
    if (page.segments.length === 0) break
    for (const segment of page.segments) segments.push(segment)
  }
  return { ...moment, segments }
}
