// Writes a chosen file into the form as digits: only its bytes tell how its letters are written.
const form = document.getElementById("import");
const field = document.getElementById("file-field");
const file = document.getElementById("file");
const digits = document.getElementById("file-digits");

field.hidden = false;

async function read(chosen) {
  // One byte more than allowed is enough for the box to say that it is too large.
  const most = Number(file.dataset.bytesMax) + 1;
  const bytes = new Uint8Array(await chosen.slice(0, most).arrayBuffer());
  const pairs = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0"));
  return pairs.join("");
}

file.addEventListener("change", async () => {
  const chosen = file.files[0];
  digits.value = "";
  if (!chosen) return;
  const button = form.querySelector("button");
  button.disabled = true;
  try {
    digits.value = await read(chosen);
  } finally {
    button.disabled = false;
  }
});
