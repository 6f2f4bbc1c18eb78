import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { RecentFile } from '../../shared/ipc/host-api'
import { host } from '../client/host-client'

export const useRecentFiles = defineStore('recent-files', () => {
  const files = shallowRef<readonly RecentFile[]>([])

  async function load(): Promise<void> {
    files.value = await host.recentFiles()
  }

  async function clear(): Promise<void> {
    await host.clearRecent()
    await load()
  }

  return { files, load, clear }
})
