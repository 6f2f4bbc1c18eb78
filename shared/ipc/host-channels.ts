/** Paths of one message; more go in several. */
export const MOST_DROPPED_PATHS = 1000

/** Names of the messages between preload and main. The page sees none of them, only HostBridge. */
export const HostChannel = {
  /** Preload to main, answered by a HostAnswer: (method, request). */
  Call: 'heapscape:call',
  /** Preload to main: paths of dropped files, and the drop target they fell on, '' for none. */
  Drop: 'heapscape:drop',
  /** Preload to main: the page listens for the engine's port. */
  PageLoaded: 'heapscape:page-loaded',
  /** Main to preload: OpenedSource[]. */
  Sources: 'heapscape:sources',
  /** Main to preload: MenuCommand. */
  Command: 'heapscape:command',
  /** Main to preload: the port in `ports[0]`. */
  EnginePort: 'heapscape:engine-port',
} as const
