import { describe, expect, it, vi } from 'vitest'
import { reactive } from 'vue'
import type { HostAnswer, HostBridge } from '../../shared/ipc/host-api'
import { failureOf } from './failure'
import { createHost } from './host-client'

function bridgeThat(answer: HostAnswer): HostBridge & { call: ReturnType<typeof vi.fn> } {
  return { call: vi.fn(() => Promise.resolve(answer)), onSources: () => () => {}, onCommand: () => () => {} }
}

describe('createHost', () => {
  it('hands the request over by name, as a plain object, and gives the value back', async () => {
    const bridge = bridgeThat({ ok: true, value: { theme: 'dark', layout: '' } })
    expect(await createHost(bridge).changeSettings(reactive({ theme: 'dark' as const }))).toEqual({ theme: 'dark', layout: '' })
    expect(bridge.call).toHaveBeenCalledWith('changeSettings', { theme: 'dark' })
  })

  it('rejects with the failure main answered', async () => {
    const error = { code: 'file-unreadable', text: 'The file cannot be read: gone', facts: { detail: 'gone' } } as const
    expect(await createHost(bridgeThat({ ok: false, error })).openRecent({ recentId: 'r1' }).catch(failureOf)).toEqual(error)
  })
})
