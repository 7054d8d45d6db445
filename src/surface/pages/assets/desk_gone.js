// The cover over a desk whose access has ended: no name stays on the screen, what is unsent is
// counted, and how it can still be sent is said. It goes by itself once the box knows the phone
// again.

import { back, leave, verdict, wipe } from "./desk_leave.js";
import { say } from "./page.js";

const at = (id) => document.getElementById(id);

export class Gone {
  #given;
  #state = null;

  /**
   * `queue`; `store()` in use; `drop()` puts one in its place that keeps nothing; `clear()`
   * empties and hides the screen, `again()` shows it; `time(ms)` writes a time of day.
   */
  constructor(given) {
    this.#given = given;
    at("gone-delete").addEventListener("click", (event) => this.#deleteNow(event.currentTarget));
  }

  get on() {
    return this.#state !== null;
  }

  /** Whether somebody may still come and send. */
  get waits() {
    return this.#state?.act === "hold" || this.#state?.act === "tidy";
  }

  /** The box has said that it does not know this phone any more. */
  async enter(code) {
    const why = code === "device_revoked" ? "revoked" : "signed_out";
    if (this.#state?.why === why || this.#state?.act === "wipe") return;
    const { queue, store, drop, clear } = this.#given;
    this.#state = { why, act: "hold", unsent: queue.unsent, until_ms: null };
    queue.pause();
    try {
      clear();
    } finally {
      await this.#empty(why, queue, store(), drop); // Whatever the screen does.
    }
  }

  async #empty(why, queue, store, drop) {
    await queue.forgetNames();
    let left;
    try {
      left = await leave(store, why, Date.now());
    } catch {
      // Nothing could be kept: what is unsent is in this page alone.
      const act = verdict({ why, at_ms: Date.now() }, queue.unsent, Date.now());
      left = { act, unsent: queue.unsent, until_ms: null };
    }
    if (left.act === "wipe") {
      queue.clear();
      drop();
    }
    this.#state = { why, ...left };
    this.#draw();
  }

  /** Time has passed. */
  async tick(now_ms) {
    const until = this.#state?.until_ms;
    if (this.#state?.act === "hold" && until !== null && now_ms >= until) await this.#wipe();
  }

  /** The box knows this phone again: the page begins anew, or goes on where nothing is kept. */
  async leave() {
    if (!this.waits) return;
    const kept = this.#state.until_ms !== null;
    this.#state = null;
    if (kept) {
      await back(this.#given.store());
      location.reload();
      return;
    }
    at("gone").hidden = true;
    this.#given.again();
    this.#given.queue.go();
  }

  async #wipe() {
    const { queue, store, drop } = this.#given;
    this.#state = { ...this.#state, act: "wipe", unsent: 0 };
    queue.clear();
    await wipe(store()).catch(() => {});
    drop();
    this.#draw();
  }

  /** What is unsent and given up is gone for good: asked for twice. */
  #deleteNow(button) {
    if (button.dataset.sure) return this.#wipe();
    button.dataset.sure = "yes";
    button.textContent = say("GONE_DELETE_SURE", this.#state?.unsent ?? 0);
    return null;
  }

  #draw() {
    const { why, act, unsent, until_ms } = this.#state;
    const revoked = why === "revoked";
    at("gone").hidden = false;
    at("gone-title").textContent = say(revoked ? "GONE_REVOKED" : "GONE_SIGNED_OUT");
    at("gone-text").textContent = say(act === "wipe" ? "REVOKED" : revoked ? "GONE_SEND" : "SIGN_IN_AGAIN");
    const limit = until_ms === null ? "" : say("GONE_UNTIL", this.#given.time(until_ms));
    at("gone-unsent").textContent = unsent > 0 ? `${say("GONE_UNSENT", unsent)} ${limit}` : "";
    at("gone-delete").hidden = !(revoked && unsent > 0);
    const link = at("gone-sign-in");
    // Where nothing is kept this page must stay open.
    if (until_ms === null) link.target = "_blank";
    link.href = `/sign-in?to=${encodeURIComponent(location.pathname + location.search)}`;
    at("gone").focus();
  }
}
