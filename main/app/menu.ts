import { app, Menu } from 'electron'
import path from 'node:path'
import type { RecentFiles } from '../files/recent-files'
import type { SettingsRecord } from '../settings/settings-store'
import { liveRefusal } from './live-access'
import { buildMenuTemplate } from './menu-template'
import type { MenuActions } from './menu-template'

/** Electron's menus cannot be changed in place, so every change of the list or the settings puts a new one in. */
export function showMenu({ theme, contrast, askBeforeClosing, keys }: SettingsRecord, recent: RecentFiles, actions: MenuActions): void {
  const template = buildMenuTemplate(
    {
      isMac: process.platform === 'darwin',
      isDevelopment: !app.isPackaged,
      theme,
      contrast,
      askBeforeClosing,
      keys,
      liveRefusal: liveRefusal(),
      recent: recent.remembered().map((entry) => ({ id: entry.id, label: `${path.basename(entry.path)} - ${path.basename(path.dirname(entry.path))}` })),
    },
    actions,
  )
  Menu.setApplicationMenu(Menu.buildFromTemplate(template))
}
