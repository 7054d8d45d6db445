// Sends a chosen logo as it is, and shows it.
const part = document.getElementById("logo");
const file = document.getElementById("logo-file");
const shown = document.getElementById("logo-shown");
const told = document.getElementById("logo-told");

document.getElementById("logo-choice").hidden = false;
document.getElementById("logo-without").hidden = true;

function say(what) {
  told.textContent = told.dataset[what];
  told.dataset.state = what === "kept" ? "good" : "bad";
  told.hidden = false;
}

async function send(chosen) {
  if (chosen.size > Number(part.dataset.bytesMax)) return "refused";
  const answer = await fetch(part.dataset.to, {
    method: "POST",
    body: chosen,
    headers: { "content-type": chosen.type || "application/octet-stream" },
    credentials: "same-origin",
  });
  if (answer.ok) return "kept";
  return answer.status === 413 || answer.status === 422 ? "refused" : "failed";
}

file.addEventListener("change", async () => {
  const chosen = file.files[0];
  if (!chosen) return;
  file.disabled = true;
  let outcome = "failed";
  try {
    outcome = await send(chosen);
  } catch {
    outcome = "failed";
  } finally {
    file.disabled = false;
  }
  say(outcome);
  if (outcome === "kept") {
    shown.src = URL.createObjectURL(chosen);
    shown.hidden = false;
  }
});
