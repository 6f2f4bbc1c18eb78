/** Work goes on for this long before messages (a cancel, a question of a view) get their turn. */
const TURN_MS = 12
/** So many turns in a row go to what is urgent; the next goes to the rest, so that nothing stands still. */
const URGENT_TURNS = 7

/** Lower comes first. */
export const Urgency = {
  /** What somebody looks at and waits for: cells of the map, rows of the table, a moment. */
  Now: 0,
  /** What may come a moment later: pictures beside it, and long work with a progress bar. */
  Later: 1,
} as const
export type Urgency = (typeof Urgency)[keyof typeof Urgency]

/** Read when a turn is given, so that work becomes urgent when somebody in a hurry comes to wait for it. */
export interface Urgent {
  readonly urgency: Urgency
}

interface Waiting {
  readonly who: Urgent
  readonly resume: () => void
}

/**
 * The turns of one thread. Every pass of the event loop gives one turn to one of those who wait, the most urgent first and
 * among equals the one who waits longest; messages are heard between two turns, however many jobs there are.
 */
export class Turns {
  readonly #waiting: Waiting[] = []
  readonly #nextPass: (work: () => void) => void
  #isDue = false
  #urgentInARow = 0
  #startMs = -Infinity

  constructor(nextPass: (work: () => void) => void = setImmediate) {
    this.#nextPass = nextPass
  }

  /** At once while the turn that runs is young; else when it is `who`'s turn again. */
  pass(who: Urgent): Promise<void> {
    if (performance.now() - this.#startMs < TURN_MS) return DONE
    return new Promise((resume) => {
      this.#waiting.push({ who, resume })
      this.#schedule()
    })
  }

  #schedule(): void {
    if (this.#isDue) return
    this.#isDue = true
    this.#nextPass(() => {
      this.#isDue = false
      const { resume } = this.#take()
      if (this.#waiting.length > 0) this.#schedule()
      this.#startMs = performance.now()
      resume()
    })
  }

  #take(): Waiting {
    const urgent = this.#waiting.findIndex(({ who }) => who.urgency === Urgency.Now)
    const other = this.#waiting.findIndex(({ who }) => who.urgency !== Urgency.Now)
    const takesUrgent = urgent >= 0 && (other < 0 || this.#urgentInARow < URGENT_TURNS)
    this.#urgentInARow = takesUrgent ? this.#urgentInARow + 1 : 0
    return this.#waiting.splice(takesUrgent ? urgent : other, 1)[0]!
  }
}

const DONE = Promise.resolve()

/** Of this process, which does everything on one thread. */
export const engineTurns = new Turns()
