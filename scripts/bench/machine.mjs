// What the figures were measured on.
import { execFileSync } from 'node:child_process'
import os from 'node:os'

function commit() {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
  } catch {
    return 'unknown'
  }
}

/** @param {number} loadAtStart one-minute load average before the first bench */
export function describeMachine(loadAtStart) {
  const processors = os.cpus()
  const memoryGiB = (os.totalmem() / 2 ** 30).toFixed(0)
  const load = `${loadAtStart.toFixed(1)} at the start and ${os.loadavg()[0]?.toFixed(1)}`
  return `${processors.length} x ${processors[0]?.model.trim()}, ${memoryGiB} GiB, ${os.type()} ${os.release()}, Node ${process.versions.node}; load ${load} at the end; commit ${commit()}, ${new Date().toISOString().slice(0, 10)}`
}
