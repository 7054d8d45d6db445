// The token of the box's own screen, which came with the address as its fragment, which no server is
// ever sent: out of the address, and into the form. Without it the form for a code stays.
const form = document.getElementById("own");
const token = new URLSearchParams(location.hash.slice(1)).get("own");
if (form && token) {
  history.replaceState(null, "", "/kiosk");
  form.elements.token.value = token;
  form.submit();
}
