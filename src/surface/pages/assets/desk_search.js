// Looking people up at the desk: nothing is listed before something is typed, and what is listed
// stays until something else is typed or admitted.

import { drawHit, make } from "./desk_show.js";
import { call, say } from "./page.js";

const LETTERS_MIN = 3;
const HITS_MAX = 20;
/** So long nothing is typed before it is looked up. */
const TYPING_MS = 250;

export class Search {
  #given;
  #asked = 0;
  #timer = 0;

  /**
   * `field`, `note` and `hits` of the page, `where` (the occasion's query), `time`, `acts`,
   * `direction()`, `pending(person)`, `scanned(code)`.
   */
  constructor(given) {
    this.#given = given;
    given.field.addEventListener("input", () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.look(), TYPING_MS);
    });
  }

  clear() {
    this.#asked += 1;
    this.#given.field.value = "";
    this.#given.hits.replaceChildren();
  }

  /** Looks up what stands in the field now. */
  async look() {
    const { field, note, hits, where } = this.#given;
    const text = field.value.trim();
    this.#asked += 1;
    const own = this.#asked;
    if ([...text].length < LETTERS_MIN) {
      hits.replaceChildren();
      note.textContent = say("SEARCH_HINT");
      return;
    }
    let found;
    try {
      found = await call("GET", `/api/v1/desk/search?${where}&q=${encodeURIComponent(text)}`);
    } catch (error) {
      if (own === this.#asked) note.textContent = error.status ? error.message : say("UNHEARD");
      return;
    }
    if (own === this.#asked) this.#draw(text, found.items);
  }

  #draw(text, items) {
    const { note, hits, time, acts, direction, pending, scanned } = this.#given;
    const word = items.length === 0 ? "SEARCH_NOTHING" : items.length >= HITS_MAX ? "SEARCH_MANY" : "";
    note.textContent = word ? say(word) : "";
    const open = hits.querySelector("details[open]")?.parentElement.dataset.person;
    const draw = (hit) => {
      const drawn = drawHit(hit, { time, direction: direction(), acts, pending: pending(hit.person) });
      drawn.dataset.person = hit.person;
      drawn.querySelector("details").open = hit.person === open;
      return drawn;
    };
    hits.replaceChildren(...items.map(draw));
    if (items.length > 0 || /\s/.test(text)) return;
    // Codes are told apart by case; the box's own are in capitals.
    for (const code of new Set([text.toUpperCase(), text])) {
      const use = () => scanned(code);
      hits.append(make("li", {}, make("button", { type: "button", onclick: use }, say("USE_CODE", code))));
    }
  }
}
