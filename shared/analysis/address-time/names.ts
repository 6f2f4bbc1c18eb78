/** What lifetimes are coloured by. */
export const LIFE_COLORS = ['life', 'size', 'length', 'site'] as const
export type LifeColor = (typeof LIFE_COLORS)[number]

/** Where an arrow key goes: to lower or higher addresses at one event, or to what was at these addresses earlier or later. */
export const LIFE_STEPS = ['lower', 'higher', 'earlier', 'later'] as const
export type LifeStep = (typeof LIFE_STEPS)[number]
