/** Lists of the lower pane, in the order of their tabs. */
export const LIST_TITLES = {
  blocks: 'Blocks',
  sizes: 'Sizes',
  space: 'Free space',
  pages: 'Pages',
  waste: 'Waste',
  frontEnd: 'Front end',
  free: 'Free',
  segments: 'Segments',
  pageList: 'Page list',
  findings: 'Findings',
  regions: 'Regions',
  owners: 'Modules',
  changes: 'Changes',
} as const
export type ListId = keyof typeof LIST_TITLES
