// Scanners that type: a code read by a hardware scanner arrives as fast key presses, ended by
// Enter or by silence. This tells them from people who type. It knows no page and no clock:
// keys come with their time in milliseconds, a scan comes out.

/** Silence after which a code without Enter is complete. */
export const SILENCE_MS = 100;
/** Most milliseconds between two keys of a scanner, on average. */
const SCANNER_GAP_MS = 35;
/** Fewest letters of a code that ends with Enter. */
const ENTER_CHARS_MIN = 4;
/** Fewest letters of a code that ends with silence: short words typed fast are not codes. */
const SILENCE_CHARS_MIN = 8;
/** Most letters: more is no code, whatever it is. */
const CHARS_MAX = 256;

export class Wedge {
  #keys = "";
  #began = 0;
  #last = 0;

  /** Whether a burst of keys is under way. */
  get busy() {
    return this.#keys !== "";
  }

  /**
   * Takes a key as the page's event names it.
   * Gives `{kind: "scan", code, began_ms}` when it completes a code, `{kind: "first"}` when it
   * may be the first of one (the page then remembers what the focused field holds), else null.
   */
  key(name, at_ms, chord = false) {
    if (name === "Shift" || name === "CapsLock") return null;
    if (chord) return this.#forget();
    const late = at_ms - this.#last > SILENCE_MS;
    const before = late ? this.tick(at_ms) : null;
    if (name === "Enter" || name === "Tab") {
      return before ?? this.#complete(ENTER_CHARS_MIN);
    }
    if ([...name].length !== 1) return before ?? this.#forget();
    const first = this.#keys === "";
    if (first) this.#began = at_ms;
    this.#keys += name;
    this.#last = at_ms;
    if (this.#keys.length > CHARS_MAX) return this.#forget();
    return before ?? (first ? { kind: "first" } : null);
  }

  /** Time has passed: a code that no Enter ends is complete after a silence. */
  tick(at_ms) {
    if (!this.busy || at_ms - this.#last < SILENCE_MS) return null;
    return this.#complete(SILENCE_CHARS_MIN);
  }

  #complete(chars_min) {
    const code = this.#keys.trim();
    const began_ms = this.#began;
    const gaps = Math.max(1, this.#keys.length - 1);
    const fast = (this.#last - this.#began) / gaps <= SCANNER_GAP_MS;
    this.#forget();
    return code.length >= chars_min && fast ? { kind: "scan", code, began_ms } : null;
  }

  #forget() {
    this.#keys = "";
    return null;
  }
}
