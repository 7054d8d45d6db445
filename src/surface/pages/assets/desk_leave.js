// What stays on a phone whose access has ended: nothing, or what the box has not heard yet,
// without names and not for long. The box takes nothing from such a phone; but staff may sign in
// on it, and then it sends what it kept.

/** How long what is unsent is kept after the device was revoked, and after a session's end. */
export const KEPT_MS = { revoked: 10 * 60_000, signed_out: 12 * 3_600_000 };

/**
 * What is to be done about a phone that is `gone` ({why, at_ms}) with so much unsent: "wipe"
 * everything, "hold" what is unsent, or "tidy" (nothing is unsent: only the notes for the next
 * person stay).
 */
export function verdict(gone, unsent, now_ms) {
  if (unsent === 0) return gone.why === "revoked" ? "wipe" : "tidy";
  const age = now_ms - gone.at_ms;
  // A clock that was put back must not lengthen it.
  return age >= 0 && age < KEPT_MS[gone.why] ? "hold" : "wipe";
}

/** An intent as a phone without access may keep it: only the end of a code stands for it. */
export function nameless(entry) {
  return entry.body?.code ? entry : { ...entry, label: "" };
}

/** Whatever else the desk has put into the browser. */
function forgetChoices(local) {
  for (const key of Object.keys(local ?? {})) {
    if (key.startsWith("hadir-desk")) local.removeItem(key);
  }
}

/** Everything goes. */
export async function wipe(store, local = globalThis.localStorage) {
  try {
    forgetChoices(local);
  } catch {
    // The browser keeps nothing at all.
  }
  await store.wipe();
}

/**
 * Access has ended (`why`: "revoked" or "signed_out"). The time is counted from the first time
 * that this was seen, also over closed pages. Gives {act, unsent, until_ms}.
 */
export async function leave(store, why, now_ms, local = globalThis.localStorage) {
  const left = await store.all();
  const before = await store.note("gone");
  const gone = before?.why === why ? before : { why, at_ms: now_ms };
  const act = verdict(gone, left.length, now_ms);
  if (act === "wipe") {
    await wipe(store, local);
  } else {
    for (const entry of left) await store.put(nameless(entry));
    await store.setNote("gone", gone);
  }
  return { act, unsent: act === "wipe" ? 0 : left.length, until_ms: gone.at_ms + KEPT_MS[why] };
}

/** Somebody has signed in: what was kept may be sent. */
export async function back(store) {
  await store.setNote("gone", null);
}
