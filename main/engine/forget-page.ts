import type { ComparisonSets } from './comparison-methods'
import type { Documents } from './documents'
import type { Workspaces } from './workspaces'

/** Lets go of what only a page that is gone knew of, and with it of its memory. The main console's process goes on for the next page. */
export function forgetPage({ comparisons, documents, workspaces }: { readonly comparisons: ComparisonSets; readonly documents: Documents; readonly workspaces: Workspaces }): void {
  comparisons.closeAll()
  documents.closeAll()
  workspaces.endAll()
}
