import type { SiteRowPage } from '../../../shared/analysis/sites/site-pages'
import { NONE } from '../../../shared/base/units'
import type { SitePath } from '../../../shared/ipc/sites-api'

/** Frame keys from the tree's root to a row of the page: rows come before their children, so depths tell the way. */
export function pathOfRow(page: SiteRowPage, index: number): SitePath {
  const path = [...page.firstPath]
  const outside = page.firstPath.length - 1 - (page.depth[0] ?? 0)
  for (let row = 1; row <= index; row++) {
    path.length = outside + page.depth[row]!
    path.push(page.key[row]!)
  }
  return path
}

/** Row of a path (from the table's beginning), or NONE when it is not on the page. */
export function rowOfPath(page: SiteRowPage, root: SitePath, path: SitePath): number {
  if (path.length <= root.length) return NONE
  const current = [...page.firstPath]
  const outside = page.firstPath.length - 1 - (page.depth[0] ?? 0)
  for (let row = 0; row < page.depth.length; row++) {
    if (row > 0) {
      current.length = outside + page.depth[row]!
      current.push(page.key[row]!)
    }
    if (current.length === path.length && current.every((key, i) => key === path[i])) return page.offset + row
  }
  return NONE
}
