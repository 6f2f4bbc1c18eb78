// Who may import whom: the one table. docs/architecture.md explains it; check-layers enforces it.
//
// `from` and `may` are path prefixes below the project root; a file belongs to the longest `from` that fits.
// A file may always import its own layer, except across `apart` folders. `*` in a prefix stands for one folder name.
// `packages` are npm names; 'node:' stands for Node's built-ins. Type-only imports obey the same rows, and also
// `mayTypes` and `packageTypes`.

/**
 * @typedef {object} Layer
 * @property {string} from
 * @property {readonly string[]} may
 * @property {readonly string[]} [mayTypes] only as `import type`
 * @property {readonly string[]} [packages]
 * @property {readonly string[]} [packageTypes] packages only as `import type`
 * @property {boolean} [apart] direct subfolders must not import one another
 */

const foundation = ['shared/base', 'shared/model']
const wholeEngine = ['shared/base', 'shared/model', 'shared/file', 'shared/sim', 'shared/heapwalk', 'shared/dumpfile', 'shared/importers', 'shared/analysis', 'shared/report', 'shared/jobs']
/** What the engine tells of the simulated process; the process itself stays in the engine. */
const processTypes = ['shared/sim/win32', 'shared/sim/console', 'shared/sim/workspace', 'shared/sim/lessons']
const windowParts = ['renderer/canvas', 'renderer/components', 'renderer/stores', 'renderer/client']
// Forms list heaps and workloads; what simulates them stays in the engine.
const windowShared = ['shared/base', 'shared/model', 'shared/analysis', 'shared/ipc', 'shared/sim/profiles', 'shared/sim/workload/index.ts']
const windowPackages = ['vue', 'pinia', 'lucide-vue-next', 'tinykeys']

/** @type {readonly Layer[]} */
export const layers = [
  { from: 'shared/base', may: [] },
  { from: 'shared/model', may: ['shared/base'], packages: ['hash-wasm'] },
  { from: 'shared/file', may: foundation, packages: ['parquet-wasm', 'apache-arrow', 'fflate', 'zstddec'] },
  { from: 'shared/analysis', may: foundation },
  { from: 'shared/heapwalk', may: foundation },
  { from: 'shared/dumpfile', may: [...foundation, 'shared/heapwalk'] },

  { from: 'shared/sim/profiles', may: foundation },
  { from: 'shared/sim/vm', may: [...foundation, 'shared/sim/profiles'] },
  { from: 'shared/sim/heaps', may: [...foundation, 'shared/sim/profiles', 'shared/sim/vm'] },
  // The bytes a simulated heap has in its Windows: the walkers' structures, filled in from the manager's state.
  { from: 'shared/sim/heap-bytes', may: [...foundation, 'shared/heapwalk', 'shared/sim/profiles', 'shared/sim/vm', 'shared/sim/heaps'] },
  { from: 'shared/sim/win32', may: [...foundation, 'shared/sim/profiles', 'shared/sim/vm', 'shared/sim/heaps', 'shared/sim/heap-bytes'] },
  { from: 'shared/sim/workload', may: [...foundation, 'shared/sim/profiles'] },
  { from: 'shared/sim/replay', may: [...foundation, 'shared/sim/profiles', 'shared/sim/vm', 'shared/sim/heaps', 'shared/sim/win32', 'shared/sim/workload'] },
  { from: 'shared/sim/console', may: [...foundation, 'shared/sim/profiles', 'shared/sim/win32'] },
  { from: 'shared/sim/workspace', may: [...foundation, 'shared/sim/profiles', 'shared/sim/win32', 'shared/sim/console'] },
  // Lessons check themselves by the metrics the window shows.
  { from: 'shared/sim/lessons', may: [...foundation, 'shared/analysis', 'shared/sim'] },

  // Registry, detection and the contract lie in the folder itself; each format has a folder of its own below.
  { from: 'shared/importers', may: [...foundation, 'shared/file'] },
  { from: 'shared/importers/compression', may: foundation, packages: ['fflate', 'zstddec', 'xz-decompress', 'unbzip2-stream', 'hash-wasm'] },
  { from: 'shared/importers/*', may: [...foundation, 'shared/heapwalk', 'shared/importers/importer.ts'], apart: true },
  { from: 'shared/importers/own-file', may: [...foundation, 'shared/file', 'shared/importers/importer.ts'] },

  { from: 'shared/report', may: [...foundation, 'shared/analysis'] },
  { from: 'shared/jobs', may: wholeEngine },
  // The argument checks need the lists of column and table names themselves, not only their types.
  { from: 'shared/ipc', may: ['shared/base', 'shared/analysis/block-columns.ts', 'shared/analysis/address-time/names.ts', 'shared/analysis/dump/table-names.ts', 'shared/model/live-capture.ts'], mayTypes: ['shared/model', 'shared/jobs', 'shared/analysis', 'shared/sim/profiles', ...processTypes], packages: ['zod'] },

  { from: 'main/index.ts', may: ['main/app', 'main/host', 'main/engine', 'main/settings', 'main/recovery', 'main/files', 'shared/base', 'shared/ipc'], packages: ['electron', 'node:'] },
  { from: 'main/app', may: ['shared/base', 'shared/ipc', 'main/host', 'main/engine/engine-host.ts', 'main/engine/live-host.ts', 'main/engine/restart-delay.ts', 'main/files', 'main/settings', 'main/recovery'], packages: ['electron', 'node:'] },
  { from: 'main/host', may: ['shared/base', 'shared/ipc', 'main/app', 'main/engine/engine-host.ts', 'main/files', 'main/settings', 'main/recovery'], packages: ['electron', 'node:', 'zod'] },
  { from: 'main/engine/live-host.ts', may: [], packages: ['electron'] },
  { from: 'main/engine/helper-host.ts', may: ['shared/base', 'shared/ipc'], packages: ['electron'] },
  { from: 'main/engine/engine-host.ts', may: ['main/engine/helper-host.ts', 'main/engine/live-host.ts', 'main/engine/restart-delay.ts', 'shared/base', 'shared/ipc', 'main/files', 'main/settings', 'main/recovery'], packages: ['electron', 'node:'] },
  { from: 'main/engine', may: [...wholeEngine, 'shared/ipc', 'main/files', 'main/live', 'main/ports', 'main/query', 'main/sweep'], packages: ['node:'], packageTypes: ['electron'] },
  // Carries sweeps out in processes that its users start: the engine and the command line.
  { from: 'main/sweep', may: [...wholeEngine, 'main/files'], packages: ['node:'] },
  { from: 'main/query', may: ['shared/base'], packages: ['node:', '@duckdb/node-api'] },
  { from: 'main/cli', may: [...wholeEngine, 'main/files', 'main/live', 'main/query', 'main/sweep'], packages: ['node:', 'cac', 'zod'] },
  { from: 'main/ports', may: ['shared/ipc/message-size.ts'], packages: ['node:'] },
  { from: 'main/live', may: [...foundation, 'shared/heapwalk', 'main/ports'], packages: ['node:', 'koffi'] },
  // The file codec is WebAssembly: its bytes come from the disk, so it is loaded here.
  { from: 'main/files', may: ['shared/base', 'shared/file/parquet-codec.ts'], mayTypes: ['shared/model'], packages: ['node:'] },
  { from: 'main/settings', may: ['shared/base', 'main/files'], mayTypes: ['shared/model'], packages: ['node:', 'zod'] },
  { from: 'main/recovery', may: ['shared/base', 'shared/ipc/view-checks.ts', 'main/files'], mayTypes: ['shared/model'], packages: ['node:', 'zod'] },

  { from: 'preload', may: ['shared/ipc'], packages: ['electron'] },

  { from: 'renderer', may: [...windowShared, ...windowParts, 'renderer/shell', 'renderer/documents'], packages: [...windowPackages, 'dockview-vue'] },
  { from: 'renderer/shell', may: [...windowShared, ...windowParts, 'renderer/documents'], packages: [...windowPackages, 'dockview-vue'] },
  { from: 'renderer/documents', may: [...windowShared, ...windowParts], mayTypes: processTypes, packages: windowPackages, packageTypes: ['dockview-vue'], apart: true },
  { from: 'renderer/canvas', may: ['shared/base', 'shared/model', 'shared/ipc'], packages: ['vue'] },
  { from: 'renderer/components', may: [...windowShared, 'renderer/canvas', 'renderer/client/failure.ts'], mayTypes: processTypes, packages: windowPackages },
  { from: 'renderer/stores', may: [...windowShared, 'renderer/client'], mayTypes: ['renderer/documents/registry.ts', ...processTypes], packages: ['vue', 'pinia'], packageTypes: ['dockview-vue'] },
  { from: 'renderer/client', may: ['shared/base', 'shared/ipc'], mayTypes: ['shared/model', 'shared/analysis', ...processTypes] },

  { from: 'scripts', may: ['shared'], packages: ['node:', 'vite', '@vitejs/plugin-vue', 'typescript', 'electron-builder', '@playwright/test'] },
]

/** Places that hold no product code and are bound only by testRule below. */
export const testFile = /(^|\/)testing\/|\.(test|long|bench|docs|spec)\.ts$|^e2e\//

/** Tests may use the test tools, Node, and everything their own side may know; never another side. */
export const testRule = {
  may: /** @type {Record<string, readonly string[]>} */ ({
    shared: ['shared', 'scripts/bench', 'scripts/docs'],
    main: ['main', 'shared', 'scripts/bench', 'scripts/docs'],
    preload: ['preload', 'shared'],
    renderer: ['renderer', 'shared', 'scripts/bench', 'scripts/docs'],
    scripts: ['scripts', 'shared'],
    // A window test may make its own large files with the tools of their tests.
    e2e: ['e2e', 'shared/dumpfile/testing', 'shared/ipc/message-size.ts'],
  }),
  mayTypes: /** @type {Record<string, readonly string[]>} */ ({ e2e: ['shared', 'renderer'] }),
  packages: ['node:', 'vitest', 'fast-check', 'typescript', '@playwright/test', 'axe-core', '@vue/test-utils'],
}

/** Painting and layout of the window are plain computing: they run in tests without a page. */
export const pureRendererFile = /^renderer\/.*\/(layout|paint)\.ts$/
export const pureRendererRule = { may: ['shared', 'renderer/canvas', 'renderer/components/format.ts', 'renderer/components/heap-map/cell-patterns.ts'], packages: /** @type {readonly string[]} */ ([]) }

/**
 * Known debt, to be paid off: "file -> import" pairs that break the table. Keep it empty.
 * @type {readonly string[]}
 */
export const debt = []
