import type { GeneratedDocument } from '../../../../scripts/docs/docs-contract'
import { ntMarkdown } from './nt-markdown'

export const documents: GeneratedDocument[] = [{ path: 'docs/nt-heaps.md', text: ntMarkdown() }]
