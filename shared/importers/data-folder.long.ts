import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openRecorded, proofOf, recordedPaths, unreadFormats } from './testing/data-folder'
import { PROOFS } from './testing/data-proofs'

const paths = recordedPaths()
const GOLDEN = join(import.meta.dirname, 'testing', 'data-folder.golden.txt')

/** Every recorded file opens as what it is, or is refused with the reason, and says of itself what was read. */
describe.skipIf(paths.length === 0)('recorded files', () => {
  const lines: string[] = []

  test.each(paths)('%s', async (path) => {
    const { line, contradictions } = await openRecorded(path)
    lines.push(line)
    expect(contradictions).toEqual([])
  })

  test('all of them, as in the golden table', async () => {
    expect(unreadFormats()).toEqual([])
    expect(lines).toHaveLength(paths.length)
    const proofs = PROOFS.map(({ files, format, by }) => `# ${paths.filter((path) => proofOf(path)?.files === files).length} of ${files.source}: ${format || 'refused'}, proved by ${by}`)
    await expect([...proofs, ...lines, ''].join('\n')).toMatchFileSnapshot(GOLDEN)
  })
})
