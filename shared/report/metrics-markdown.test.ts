import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { metricsMarkdown } from './metrics-markdown'

describe('docs/metrics.md', () => {
  it('is what the definitions say (npm run docs writes it)', () => {
    const committed = readFileSync(new URL('../../docs/metrics.md', import.meta.url), 'utf8')
    const [notice, ...page] = committed.split('\n\n')
    expect(notice).toContain('npm run docs')
    expect(page.join('\n\n').trim()).toBe(metricsMarkdown().trim())
  })

  it('explains every metric from M1 to M15', () => {
    const headings = metricsMarkdown().match(/^### M\d+ /gm)
    expect(headings).toEqual(Array.from({ length: 15 }, (_, i) => `### M${i + 1} `))
  })
})
