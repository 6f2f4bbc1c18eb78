import type { GeneratedDocument } from '../../scripts/docs/docs-contract'
import { metricsMarkdown } from './metrics-markdown'

export const documents: GeneratedDocument[] = [{ path: 'docs/metrics.md', text: metricsMarkdown() }]
