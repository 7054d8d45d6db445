// The code that came with the address as its fragment, which no server is ever sent: into the
// field, and out of the address, so that it stays in no history.
const field = document.getElementById("code");
const code = new URLSearchParams(location.hash.slice(1)).get("code");
if (field && code) {
  field.value = code;
  history.replaceState(null, "", location.pathname);
  document.querySelector("form[action='/setup'] button")?.focus();
}

// The box's own screen waits here while somebody sets the box up on a phone. Until there is an
// administrator /kiosk leads back to this page; then this browser becomes the screen at the door. Its
// token goes with it from page to page, behind the `#` and never kept. A screen that has one stands
// where nobody may be able to press: it asks for the code by itself, and for another when that is over.
const own = new URLSearchParams(location.hash.slice(1)).get("own");
const carried = own ? `#own=${encodeURIComponent(own)}` : "";
if (own) history.replaceState(null, "", location.pathname);
const offer = document.querySelector("form[action='/setup/screen']");
if (own && offer) {
  offer.action += carried;
  offer.elements.renew.disabled = false;
  offer.submit();
} else if (document.querySelector("[data-own-screen]")) {
  setInterval(async () => {
    const answer = await fetch("/kiosk", { redirect: "manual" }).catch(() => null);
    if (answer?.ok) location.assign(`/kiosk${carried}`);
  }, 5000);
  if (own) setTimeout(() => location.assign(`/setup${carried}`), 29 * 60_000);
}
