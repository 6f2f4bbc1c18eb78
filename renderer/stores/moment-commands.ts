import type { Ref } from 'vue'
import { useDialogs } from './dialogs'
import { failureOf } from '../client/failure'
import type { Command } from './commands'
import type { DocumentViewActions } from './document-view'

/** The parts of a document's window that these commands need. */
interface MomentHandles {
  readonly filter: Ref<{ focusFilter(): void; saveFilter(): void } | undefined>
  readonly table: () => { copyTable(): unknown; save(form: 'csv' | 'json'): unknown; groupBy(by: 'site' | 'class' | ''): unknown; chooseColumns(): unknown } | undefined
}

/** Commands every document with a map and a block table has: its filter, its history, its view as text, its table as a file. */
export function momentCommands(area: string, { view, undo, redo, text, show, setFilter }: DocumentViewActions, { filter, table }: MomentHandles): Command[] {
  const dialogs = useDialogs()
  const command = (id: string, title: string, run: () => unknown, more: Partial<Command> = {}): Command => ({ id: `${area}.${id}`, title, group: 'Go to', run, ...more })
  return [
    command('focusFilter', 'Filter the blocks', () => filter.value?.focusFilter(), { keys: ['$mod+KeyL'] }),
    command('saveFilter', 'Save or forget the filter', () => filter.value?.saveFilter()),
    command('clearFilter', 'Clear the filter', () => setFilter({}), { enabled: () => Object.keys(view.filter).length > 0 }),
    command('undoView', 'Undo the last filter or order', undo, { keys: ['$mod+Alt+KeyZ'], enabled: () => view.past.length > 0 }),
    command('redoView', 'Redo filter or order', redo, { keys: ['$mod+Alt+KeyY'], enabled: () => view.future.length > 0 }),
    command('copyView', 'Copy this view as text', () => navigator.clipboard.writeText(text())),
    command('pasteView', 'Show a view from its text', () => dialogs.askViewText((given) => {
      try {
        show(given)
        return null
      } catch (error) {
        return failureOf(error).text
      }
    })),
    command('groupBySite', 'Group the blocks by call site', () => table()?.groupBy('site'), { enabled: () => table() !== undefined }),
    command('groupByClass', 'Group the blocks by size class', () => table()?.groupBy('class'), { enabled: () => table() !== undefined }),
    command('ungroup', 'List single blocks', () => table()?.groupBy(''), { enabled: () => table() !== undefined }),
    command('chooseColumns', 'Choose the columns of the block table', () => table()?.chooseColumns(), { keys: ['$mod+Alt+KeyC'], enabled: () => table() !== undefined }),
    command('copyTable', 'Copy the block table', () => table()?.copyTable(), { enabled: () => table() !== undefined }),
    command('saveCsv', 'Save the block table as CSV', () => table()?.save('csv'), { enabled: () => table() !== undefined }),
    command('saveJson', 'Save the block table as JSON', () => table()?.save('json'), { enabled: () => table() !== undefined }),
  ]
}
