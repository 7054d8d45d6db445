// The code that came with the address as its fragment, which no server is ever sent: into the
// field, and out of the address, so that it stays in no history.
const field = document.getElementById("code");
const code = new URLSearchParams(location.hash.slice(1)).get("code");
if (field && code) {
  field.value = code;
  history.replaceState(null, "", location.pathname);
  document.querySelector("form[action='/setup'] button")?.focus();
}
