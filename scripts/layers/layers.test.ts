import { describe, expect, test } from 'vitest'
import { findCycles } from './find-cycles.mjs'
import { judgeImport } from './judge-imports.mjs'
import { readImports } from './read-imports.mjs'
import { resolveImport } from './resolve-imports.mjs'
import { findLayerProblems } from './scan-project.mjs'

const judge = (importer: string, target: string, typeOnly = false): string | null =>
  judgeImport(importer, target.includes('/') ? { file: target } : { package: target }, typeOnly)

describe('the layer table', () => {
  test.each([
    ['shared/model/run.ts', 'shared/base/column.ts'],
    ['shared/importers/mtrace/parse.ts', 'shared/importers/importer.ts'],
    ['shared/importers/registry.ts', 'shared/importers/mtrace/index.ts'],
    ['shared/importers/own-file/index.ts', 'shared/file/read.ts'],
    ['shared/sim/replay/replay.ts', 'shared/sim/heaps/heap.ts'],
    ['shared/jobs/convert.ts', 'shared/importers/registry.ts'],
    ['main/app/windows.ts', 'electron'],
    ['main/cli/index.ts', 'shared/jobs/convert.ts'],
    ['renderer/documents/registry.ts', 'renderer/documents/compare/index.ts'],
    ['renderer/documents/compare/CompareView.vue', 'renderer/components/SplitPane.vue'],
    ['renderer/documents/compare/paint.ts', 'renderer/documents/compare/layout.ts'],
    ['shared/model/run.test.ts', 'vitest'],
    ['shared/model/run.test.ts', 'node:'],
  ])('%s may import %s', (importer, target) => {
    expect(judge(importer, target)).toBeNull()
  })

  test.each([
    ['shared/base/column.ts', 'shared/model/run.ts'],
    ['shared/model/run.ts', 'node:'],
    ['shared/model/run.ts', 'vue'],
    ['shared/importers/mtrace/parse.ts', 'shared/importers/malloclab/parse.ts'],
    ['shared/importers/mtrace/parse.ts', 'shared/importers/registry.ts'],
    ['shared/importers/mtrace/parse.ts', 'shared/sim/replay/replay.ts'],
    ['shared/importers/mtrace/parse.ts', 'shared/file/read.ts'],
    ['shared/sim/vm/address-space.ts', 'shared/sim/heaps/heap.ts'],
    ['shared/jobs/convert.ts', 'shared/ipc/engine-api.ts'],
    ['main/engine/engine-process.ts', 'electron'],
    ['main/cli/index.ts', 'electron'],
    ['main/app/windows.ts', 'shared/sim/replay/replay.ts'],
    ['main/files/file-source.ts', 'electron'],
    ['preload/index.ts', 'main/app/windows.ts'],
    ['renderer/stores/documents.ts', 'main/files/file-source.ts'],
    ['renderer/documents/hex/HexView.vue', 'renderer/documents/compare/layout.ts'],
    ['renderer/documents/hex/layout.ts', 'vue'],
    ['renderer/documents/hex/paint.ts', 'renderer/stores/documents.ts'],
    ['renderer/shell/desktop.test.ts', 'main/app/windows.ts'],
  ])('%s may not import %s', (importer, target) => {
    expect(judge(importer, target)).toContain('may not import')
  })

  test('some imports are fine for types only', () => {
    expect(judge('shared/ipc/engine-api.ts', 'shared/model/run.ts', true)).toBeNull()
    expect(judge('shared/ipc/engine-api.ts', 'shared/model/run.ts', false)).toContain('shared/model (types)')
    expect(judge('main/engine/documents.ts', 'electron', true)).toBeNull()
    expect(judge('main/engine/documents.ts', 'electron', false)).toContain('electron (types)')
  })

  test('the message says what is allowed', () => {
    expect(judge('shared/model/run.ts', 'shared/sim/vm/address-space.ts')).toBe('shared/model may not import shared/sim/vm/address-space.ts; allowed: shared/base, hash-wasm')
    expect(judge('shared/base/column.ts', 'node:')).toBe('shared/base may not import Node built-ins; allowed: nothing')
  })

  test('a file outside every layer is a problem', () => {
    expect(judge('shared/utils/misc.ts', 'shared/base/column.ts')).toContain('belongs to no layer')
  })
})

describe('reading imports', () => {
  test('every form of import in a TypeScript file', () => {
    const text = [
      "import { a } from './a'",
      "import type { B } from './b'",
      "export { c } from './c'",
      "export type { D } from './d'",
      "import './e.css'",
      "const f = await import('./f')",
      "type G = import('./g').G",
      "import { type H } from './h'",
      "// import { not } from './comment'",
      'const text = "import { not } from \'./string\'"',
    ].join('\n')
    expect(readImports('x.ts', text)).toEqual([
      { specifier: './a', line: 1, typeOnly: false },
      { specifier: './b', line: 2, typeOnly: true },
      { specifier: './c', line: 3, typeOnly: false },
      { specifier: './d', line: 4, typeOnly: true },
      { specifier: './e.css', line: 5, typeOnly: false },
      { specifier: './f', line: 6, typeOnly: false },
      { specifier: './g', line: 7, typeOnly: true },
      // With verbatimModuleSyntax this import stays in the output.
      { specifier: './h', line: 8, typeOnly: false },
    ])
  })

  test('both script blocks of a component, with the line in the file', () => {
    const component = '<template>\n  <p>import x from "./no"</p>\n</template>\n<script lang="ts">\nimport { a } from "./a"\n</script>\n<script setup lang="ts">\nimport b from "./B.vue"\n</script>\n'
    expect(readImports('X.vue', component)).toEqual([
      { specifier: './a', line: 5, typeOnly: false },
      { specifier: './B.vue', line: 8, typeOnly: false },
    ])
  })

  test('specifiers become files or packages', () => {
    const files = new Set(['shared/base/column.ts', 'renderer/App.vue'])
    expect(resolveImport('shared/model/run.ts', '../base/column', files)).toEqual({ file: 'shared/base/column.ts' })
    expect(resolveImport('renderer/main.ts', './App.vue', files)).toEqual({ file: 'renderer/App.vue' })
    expect(resolveImport('main/index.ts', 'fs/promises', files)).toEqual({ package: 'node:' })
    expect(resolveImport('main/index.ts', '@scope/name/deep', files)).toEqual({ package: '@scope/name' })
    expect(resolveImport('main/index.ts', 'zod/mini', files)).toEqual({ package: 'zod' })
  })
})

describe('import circles', () => {
  const graph = (edges: Record<string, string[]>): Map<string, string[]> => new Map(Object.entries(edges))

  test('a tree and a diamond have none', () => {
    expect(findCycles(graph({ a: ['b', 'c'], b: ['d'], c: ['d'], d: [] }))).toEqual([])
  })

  test('circles of one, two and three files, each once', () => {
    const cycles = findCycles(graph({ start: ['a'], a: ['b'], b: ['c'], c: ['a', 'x'], x: ['y'], y: ['x'], self: ['self'] }))
    expect(cycles.sort()).toEqual([['a', 'b', 'c'], ['self'], ['x', 'y']])
  })

  test('a chain of 100,000 files does not exhaust the stack', () => {
    const chain = new Map(Array.from({ length: 100_000 }, (_, at) => [`f${at}`, [`f${(at + 1) % 100_000}`]] as const))
    expect(findCycles(chain).map((cycle) => cycle.length)).toEqual([100_000])
  })
})

test('a whole project: layer problems and both kinds of circle are named with file and line', () => {
  const project = new Map([
    ['shared/base/a.ts', "import { b } from './b'\n"],
    ['shared/base/b.ts', "import { a } from './a'\n"],
    ['shared/model/c.ts', "import type { D } from './d'\n"],
    ['shared/model/d.ts', "import type { C } from './c'\n\nimport { readFile } from 'node:fs'\n"],
  ])
  expect(findLayerProblems(project)).toEqual([
    'shared/model/d.ts:3: shared/model may not import Node built-ins; allowed: shared/base, hash-wasm',
    'import circle: shared/base/a.ts, shared/base/b.ts',
    'import circle through types: shared/model/c.ts, shared/model/d.ts',
  ])
})
