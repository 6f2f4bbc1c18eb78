import type { UpgradeStep } from './upgrade'

/**
 * Every step since version 1, one file each (`v1-to-v2.ts`), with a sample of the older version kept beside it.
 * Version 1 is the first and current one.
 */
export const UPGRADE_STEPS: readonly UpgradeStep[] = []
