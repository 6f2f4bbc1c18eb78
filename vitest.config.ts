import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

// HEAPSCAPE_LONG=1 runs the *.long.ts suites (fuzzing and scale) instead of the quick ones.
const long = process.env.HEAPSCAPE_LONG === '1'
const setupFiles = ['scripts/testing/property-seed.ts']
const pattern = (folder: string): string[] => [`${folder}/**/*.${long ? 'long' : 'test'}.ts`]

export default defineConfig({
  test: {
    passWithNoTests: false,
    // All processors: by default one is left free, which halves the speed of a machine with two.
    maxWorkers: '100%',
    projects: [
      {
        test: {
          name: 'engine',
          environment: 'node',
          setupFiles,
          // Nothing here keeps state in modules: one process takes many files, and loads the code they share once.
          isolate: false,
          include: [...pattern('shared'), ...pattern('main'), ...pattern('scripts')],
          testTimeout: long ? 900_000 : 60_000,
        },
      },
      {
        plugins: [vue()],
        // Most tests here are of pure functions; the few that mount something say `@vitest-environment happy-dom`, whose making costs more than the rest.
        test: { name: 'renderer', environment: 'node', setupFiles, isolate: false, include: pattern('renderer'), passWithNoTests: true },
      },
    ],
  },
})
