// The camera sees the same code many times a second. One look is one intent: a code that stays
// in view, or comes back within three seconds of its answer, is the same look. A code whose
// answer has not come is never swallowed: it asks for the same intent to be sent again.

/** How long a code has to be out of view before it counts anew. */
export const REPEAT_MS = 3000;
/** Codes that are remembered, most. */
const REMEMBERED_MAX = 50;

export class Repeats {
  #seen = new Map();

  /**
   * What to do about a code seen now: "new" (make an intent), "again" (an intent of this code
   * has no answer yet: send that one again) or "ignore".
   */
  look(code, at_ms) {
    const known = this.#seen.get(code);
    if (known?.open) {
      const quiet = at_ms - known.asked_ms < REPEAT_MS;
      if (quiet) return "ignore";
      known.asked_ms = at_ms;
      return "again";
    }
    if (known && at_ms - known.last_ms < REPEAT_MS) {
      known.last_ms = at_ms;
      return "ignore";
    }
    this.#seen.delete(code);
    this.#seen.set(code, { open: true, asked_ms: at_ms, last_ms: at_ms });
    this.#shrink();
    return "new";
  }

  /** The code's intent was answered, or given up. */
  answered(code, at_ms) {
    const known = this.#seen.get(code);
    if (!known) return;
    known.open = false;
    known.last_ms = at_ms;
  }

  #shrink() {
    for (const [code, { open }] of this.#seen) {
      if (this.#seen.size <= REMEMBERED_MAX) return;
      if (!open) this.#seen.delete(code);
    }
  }
}
