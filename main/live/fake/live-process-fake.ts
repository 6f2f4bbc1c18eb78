import { serveLive, type LivePort } from '../serve-live'
import { demoProcesses } from './demo-processes'
import { FakeSystem } from './fake-system'

/* Entry of the process that captures, over made-up programs: for tests of the window, never packaged. */
const system = new FakeSystem(demoProcesses())
process.parentPort.on('message', ({ ports }) => serveLive(ports[0] as unknown as LivePort, () => Promise.resolve(system)))
