/** Lists of the lower pane, in the order of their tabs. */
export const LIST_TITLES = {
  blocks: 'Blocks',
  frontEnd: 'Front end',
  free: 'Free',
  segments: 'Segments',
  pages: 'Pages',
  sizes: 'Sizes',
  findings: 'Findings',
  regions: 'Regions',
  owners: 'Modules',
  changes: 'Changes',
} as const
export type ListId = keyof typeof LIST_TITLES
