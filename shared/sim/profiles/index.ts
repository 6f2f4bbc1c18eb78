// The one door for forms, command line and replay.
export { heapDefinitions } from './definitions'
export { resolveRequest } from './resolve-request'
