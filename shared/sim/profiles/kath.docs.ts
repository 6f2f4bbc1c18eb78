import type { GeneratedDocument } from '../../../scripts/docs/docs-contract'
import { kathMarkdown } from './kath-markdown'

export const documents: GeneratedDocument[] = [{ path: 'docs/kath.md', text: kathMarkdown() }]
