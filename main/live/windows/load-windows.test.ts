import { expect, test, vi } from 'vitest'
import { loadWindows, whyUnavailable } from './load-windows'

/** Whoever loads it anyway is found out. */
const asked = vi.hoisted(() => ({ times: 0 }))
vi.mock('koffi', () => {
  asked.times++
  throw new Error('no such binary')
})

test.each(['linux', 'darwin'])('on %s nothing foreign is loaded, and the reason is told', async (platform) => {
  expect(whyUnavailable(platform)).toContain(platform)
  await expect(loadWindows(platform)).rejects.toMatchObject({ code: 'live-unavailable', message: expect.stringContaining(`the system is ${platform}`) as string })
  expect(asked.times).toBe(0)
})

test('on Windows a package that cannot be loaded is told as that', async () => {
  expect(whyUnavailable('win32')).toBeNull()
  await expect(loadWindows('win32')).rejects.toMatchObject({ code: 'live-unavailable', message: expect.stringContaining('the optional package koffi cannot be loaded') as string })
  expect(asked.times).toBe(1)
})
