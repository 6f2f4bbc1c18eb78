import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { quietJob } from '../../shared/base/job-context'
import { ComparisonSets } from './comparison-methods'
import { Documents } from './documents'
import { forgetPage } from './forget-page'
import { createHandlers } from './methods'
import { PathTable } from './path-table'
import { MAIN_WORKSPACE, Workspaces } from './workspaces'

test('documents, sets and processes of a page that is gone are let go; the main process goes on', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'heapscape-forget-'))
  try {
    const [documents, workspaces, sources] = [new Documents(), new Workspaces(), new PathTable()]
    const comparisons = new ComparisonSets({ documents, sources })
    const handlers = createHandlers({ documents, workspaces, comparisons, sources, targets: new PathTable(), tell: () => undefined })
    const run = await handlers.simulate({ input: { workload: 'G6' }, heap: 'best-fit', overrides: {} }, quietJob)
    writeFileSync(path.join(folder, 'a.rep'), '20000\n1\n2\n1\na 0 100\nf 0\n')
    sources.register('s1', { path: path.join(folder, 'a.rep'), name: 'a.rep' })
    const empty = await handlers.comparisonNew({}, quietJob)
    const set = await handlers.comparisonEdit({ comparisonId: empty.id, edit: { kind: 'add', sideId: empty.sides[0]!.id, members: [{ sourceId: 's1' }, { documentId: run.id }] } }, quietJob)
    await handlers.comparisonShow({ comparisonId: set.id, members: set.members.map(({ id }) => id) }, quietJob)
    expect(documents.count).toBe(2)
    const { id } = workspaces.open({})
    const main = workspaces.get(MAIN_WORKSPACE)

    forgetPage({ comparisons, documents, workspaces })
    expect(documents.count).toBe(0)
    expect(() => comparisons.get(set.id)).toThrow(/open/)
    expect(() => workspaces.get(id)).toThrow(/open/)
    expect(workspaces.get(MAIN_WORKSPACE)).toBe(main)
  } finally {
    rmSync(folder, { recursive: true })
  }
})
