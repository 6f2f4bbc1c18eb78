import path from 'node:path'

// The bundle of main lies in out/main, its siblings beside it; the same inside a packaged application.
export const preloadFile = path.join(__dirname, '../preload/index.cjs')
export const rendererFolder = path.join(__dirname, '../renderer')
export const engineFile = path.join(__dirname, 'engine-process.cjs')
export const liveFile = path.join(__dirname, 'live-process.cjs')
/** Over made-up programs, for tests of the window; not in packages. */
export const fakeLiveFile = path.join(__dirname, 'live-process-fake.cjs')
export const helperFile = path.join(__dirname, 'helper-process.cjs')
