import { serveLive, type LivePort } from './serve-live'
import { loadWindows } from './windows/load-windows'

/* Entry of the process that captures: foreign code runs here and nowhere else, so a fault of it ends only this process. */
process.parentPort.on('message', ({ ports }) => serveLive(ports[0] as unknown as LivePort, () => loadWindows()))
