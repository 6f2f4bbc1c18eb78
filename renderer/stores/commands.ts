import { computed, onScopeDispose, reactive, shallowReactive, shallowRef, watch, type ComputedRef, type Ref } from 'vue'
import type { KeyChoices, MenuCommand } from '../../shared/ipc/host-api'

/*
 * Every command of the window, under one id, for menu, keys and palette alike.
 *
 * A document registers its commands while it is the active one (useActiveCommands). Several may hold the same id
 * (`run.nextEvent` of two runs): the one registered last answers.
 */
export const COMMAND_GROUPS = ['File', 'Go to', 'Console', 'ProcessWalker', 'Live', 'Call sites', 'Simulate', 'What if', 'Query', 'Compare', 'View', 'Help'] as const
export type CommandGroup = (typeof COMMAND_GROUPS)[number]

export interface Command {
  /** `area.verb`; ids of MENU_COMMANDS are also sent by the application menu. */
  readonly id: MenuCommand | (string & {})
  readonly title: string
  readonly group: CommandGroup
  /** Bindings (shared/base/key-bindings.ts), for instance `$mod+KeyK` or `[`, unless the user chose others. */
  readonly keys?: readonly string[]
  /** Absent = always. Reads reactive state. */
  readonly enabled?: () => boolean
  readonly run: () => unknown
}

const choices = shallowRef<KeyChoices>({})
/** Keys the user chose, by command id. */
export const keyChoices: Readonly<Ref<KeyChoices>> = choices
export const chooseKeys = (next: KeyChoices): void => void (choices.value = next)

const registered = shallowReactive(new Map<string, readonly Command[]>())
const failureListeners = reactive(new Set<(error: unknown, command: Command) => void>())

export function registerCommands(commands: readonly Command[]): () => void {
  for (const command of commands) registered.set(command.id, [...(registered.get(command.id) ?? []), command])
  return () => {
    for (const command of commands) {
      const left = (registered.get(command.id) ?? []).filter((other) => other !== command)
      if (left.length > 0) registered.set(command.id, left)
      else registered.delete(command.id)
    }
  }
}

/** Registers while `active` is true and the calling component lives. */
export function useActiveCommands(active: Readonly<Ref<boolean>>, commands: readonly Command[]): void {
  let unregister: (() => void) | null = null
  const stop = (): void => {
    unregister?.()
    unregister = null
  }
  watch(active, (isActive) => {
    stop()
    if (isActive) unregister = registerCommands(commands)
  }, { immediate: true })
  onScopeDispose(stop)
}

export function findCommand(id: string): Command | undefined {
  return registered.get(id)?.at(-1)
}

export const isEnabled = (command: Command): boolean => command.enabled?.() ?? true

/** The commands that answer now with the keys in force, in order of groups; reactive. */
export const availableCommands: ComputedRef<readonly Command[]> = computed(() => {
  const all = [...registered.values()].map((holders) => withChosenKeys(holders.at(-1)!))
  return all.sort((a, b) => COMMAND_GROUPS.indexOf(a.group) - COMMAND_GROUPS.indexOf(b.group))
})

function withChosenKeys(command: Command): Command {
  const keys = choices.value[command.id]
  return keys === undefined ? command : { ...command, keys }
}

/** Runs it when it is there and enabled; says whether it was. A failing command is handed to onCommandFailure. */
export function runCommand(id: string): boolean {
  const command = findCommand(id)
  if (command === undefined || !isEnabled(command)) return false
  const report = (error: unknown): void => failureListeners.forEach((listener) => listener(error, command))
  try {
    void Promise.resolve(command.run()).catch(report)
  } catch (error) {
    report(error)
  }
  return true
}

export function onCommandFailure(listener: (error: unknown, command: Command) => void): () => void {
  failureListeners.add(listener)
  return () => failureListeners.delete(listener)
}
