// On the page for signing in: takes away what the desk left on a phone that is signed out, and
// says how much of it is not sent yet.

import { leave } from "./desk_leave.js";
import { storeLeft } from "./desk_store.js";

const told = document.getElementById("desk-left");

async function look() {
  const store = await storeLeft();
  if (!store) return;
  const why = told.dataset.revoked === "yes" ? "revoked" : "signed_out";
  const { unsent } = await leave(store, why, Date.now());
  told.hidden = unsent === 0;
  told.textContent = told.dataset.text.replace("{0}", String(unsent));
}

if (told) {
  // What cannot be opened cannot be read by anybody else either.
  look().catch(() => {});
}
