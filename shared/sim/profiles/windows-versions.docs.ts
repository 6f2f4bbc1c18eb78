import type { GeneratedDocument } from '../../../scripts/docs/docs-contract'
import { windowsVersionsMarkdown } from './windows-versions-markdown'

export const documents: GeneratedDocument[] = [{ path: 'docs/simulated-windows.md', text: windowsVersionsMarkdown() }]
