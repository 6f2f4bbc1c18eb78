import type { NoteList } from '../../model/note-list'

/** What a recording can hold that its reader must know. */
export function declareNotes(list: NoteList) {
  return {
    interpreted: list.kind('no-identity', 'The interpreted form tells neither addresses nor which of several equal blocks was freed; a raw recording (heaptrack --raw) does.'),
    ambiguousFree: list.kind('ambiguous-free', 'Frees that fit several blocks of the same size and call site: the youngest was taken.'),
    orphanFree: list.kind('orphan-free', 'Frees of blocks whose allocation is not in the recording; they have no effect.'),
    missedFree: list.kind('missed-free', 'Addresses given out again while in use: the missing free was put in.'),
    suppression: list.kind('suppression', 'Leak suppressions written in the file; they are not applied, leaks are counted in full.'),
    attached: list.kind('attached', 'The recorder was attached to a running program: what it had allocated before is not told.'),
    timeBackwards: list.kind('time-backwards', 'Times before the time already reached were ignored.'),
    unreadable: list.kind('unreadable-line', 'Lines that are no records, or name what does not exist, were skipped.'),
    cutLine: list.kind('cut-line', 'The last line is cut and was ignored.'),
  }
}
