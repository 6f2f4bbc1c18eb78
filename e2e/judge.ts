import { IS_THOROUGH, LARGE_SCREEN, shoot, SMALL_SCREEN, type RunningApp } from './app'
import { checkAxe } from './axe'

const SCHEMES = ['light', 'dark'] as const

/**
 * Pictures in both themes and both sizes, and the rules of accessibility in both themes. Only colours differ between themes, so
 * `npm test` looks at nothing else in the second; it takes no pictures.
 */
export async function judge(running: RunningApp, name: string): Promise<void> {
  await shoot(running, name, { schemes: SCHEMES, sizes: [SMALL_SCREEN, LARGE_SCREEN] })
  for (const colorScheme of SCHEMES) {
    await running.page.emulateMedia({ colorScheme })
    await checkAxe(running.page, colorScheme === SCHEMES[0] || IS_THOROUGH ? undefined : ['color-contrast'])
  }
  await running.page.emulateMedia({ colorScheme: null })
}

/** Judges a further state of what is judged elsewhere, which `npm test` leaves out. */
export async function judgeState(running: RunningApp, name: string): Promise<void> {
  if (IS_THOROUGH) await judge(running, name)
}
