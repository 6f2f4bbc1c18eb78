import type { Importer } from './importer'
import { blocksCsvImporter } from './blocks-csv/index'
import { blocksJsonImporter } from './blocks-json/index'
import { dhatImporter } from './dhat/index'
import { eventsCsvImporter } from './events-csv/index'
import { eventsJsonlImporter } from './events-jsonl/index'
import { gperftoolsHeapImporter } from './gperftools-heap/index'
import { heaptrackImporter } from './heaptrack/index'
import { jemallocHeapImporter } from './jemalloc-heap/index'
import { mallinfoSamplesImporter } from './mallinfo-samples/index'
import { jemallocStatsImporter } from './jemalloc-stats/index'
import { mallocInfoImporter } from './malloc-info/index'
import { malloclabImporter } from './malloclab/index'
import { massifImporter } from './massif/index'
import { mallocBenchImporter } from './malloc-bench/index'
import { minidumpImporter } from './minidump/index'
import { mtraceImporter } from './mtrace/index'
import { ownFileImporter } from './own-file/index'
import { pprofImporter } from './pprof/index'
import { procMapsImporter } from './proc-maps/index'
import { tcmallocStatsImporter } from './tcmalloc-stats/index'
import { umdhImporter } from './umdh/index'
import { valgrindMallocImporter } from './valgrind-malloc/index'
import { vmMapImporter } from './vmmap/index'
import { winDbgImporter } from './windbg/index'
import { wpaHeapImporter } from './wpa-heap/index'

/** Every format we read; detection asks in order of priority, highest first. */
export const IMPORTERS: readonly Importer[] = [
  ownFileImporter,
  heaptrackImporter,
  valgrindMallocImporter,
  mallocBenchImporter,
  eventsJsonlImporter,
  eventsCsvImporter,
  minidumpImporter,
  mtraceImporter,
  malloclabImporter,
  massifImporter,
  dhatImporter,
  jemallocHeapImporter,
  gperftoolsHeapImporter,
  jemallocStatsImporter,
  mallocInfoImporter,
  tcmallocStatsImporter,
  umdhImporter,
  pprofImporter,
  procMapsImporter,
  winDbgImporter,
  vmMapImporter,
  wpaHeapImporter,
  blocksCsvImporter,
  blocksJsonImporter,
  mallinfoSamplesImporter,
]
