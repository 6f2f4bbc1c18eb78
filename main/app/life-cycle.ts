import { app } from 'electron'
import type { Application } from './application'

/** What the system asks of an application, passed on to ours. */
export function followSystem(application: Application): void {
  app.on('open-file', (event, file) => {
    event.preventDefault()
    application.openFromDesktop(file)
  })
  app.on('activate', () => {
    if (app.isReady()) application.activate()
  })
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit()
  })
  app.on('will-quit', () => application.stop())
}
