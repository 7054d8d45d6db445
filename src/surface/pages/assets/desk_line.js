// Whether the box is heard: two failures among the last five answers, or one that takes too
// long, and the line counts as gone; two answers in a row and it is back, by itself.

/** How long the page waits before it shows that nothing is heard. */
export const PATIENCE_MS = 3000;
/** Waiting times between attempts; the last one repeats. */
const BACKOFF_MS = [1000, 2000, 4000, 8000, 15000];
const LOOKED_AT = 5;
const FAILURES = 2;
const ANSWERS = 2;

export class Line {
  #last = [];
  #online = true;

  get online() {
    return this.#online;
  }

  /** An attempt was answered (`true`) or not. Gives whether the state changed. */
  note(answered) {
    this.#last.push(answered);
    if (this.#last.length > LOOKED_AT) this.#last.shift();
    const before = this.#online;
    if (before && this.#last.filter((ok) => !ok).length >= FAILURES) this.#online = false;
    const tail = this.#last.slice(-ANSWERS);
    if (!before && tail.length === ANSWERS && tail.every(Boolean)) {
      this.#online = true;
      this.#last = [];
    }
    return before !== this.#online;
  }
}

/** Milliseconds until the next attempt after this many failed ones. */
export function backoff_ms(tries) {
  return BACKOFF_MS[Math.min(Math.max(tries, 1), BACKOFF_MS.length) - 1];
}
