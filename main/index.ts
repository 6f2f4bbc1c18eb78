import { app } from 'electron'
import { toFailure } from '../shared/base/errors'
import { Application } from './app/application'
import { declareBundleScheme } from './app/bundle-protocol'
import { followSystem } from './app/life-cycle'
import { findPages } from './app/pages'
import { becomeOnlyInstance } from './app/single-instance'
import { applicationArguments, parseStartRequest } from './app/start-request'
import type { StartRequest } from './app/start-request'
import { reportUnexpectedFailures } from './app/unexpected-failures'
import { chooseUserData } from './app/user-data'

/* The window's start. The order matters: what stands before whenReady() cannot be done after it. */
function start(request: StartRequest): void {
  const isForPicture = request.screenshot !== null
  reportUnexpectedFailures(isForPicture)
  chooseUserData(isForPicture)
  if (!isForPicture && !becomeOnlyInstance(request.files)) return app.quit()
  declareBundleScheme()
  const application = new Application(request, findPages(process.env['HEAPSCAPE_DEV_URL'], app.isPackaged))
  followSystem(application)
  void app.whenReady().then(() => application.start())
}

try {
  start(parseStartRequest(applicationArguments(process.argv, process.defaultApp === true), process.cwd()))
} catch (error) {
  console.error(toFailure(error).text)
  app.exit(2)
}
