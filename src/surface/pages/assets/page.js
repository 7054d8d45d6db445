// What every page does once scripts run. Pages work without it.

// The texts that the page's own script shows; {0}, {1} … are places for values.
const element = document.getElementById("words");
const texts = element ? JSON.parse(element.textContent) : {};

/** The text of this name with its values. */
export function say(name, ...values) {
  const text = texts[name] ?? name;
  return text.replace(/\{(\d+)\}/g, (_, place) => String(values[Number(place)] ?? ""));
}

/** Sends JSON (or nothing) and reads JSON; throws {status, code, message, field} when refused. */
export async function call(method, path, body) {
  const options = { method, headers: { accept: "application/json" }, credentials: "same-origin" };
  if (body instanceof Blob) {
    options.body = body;
    options.headers["content-type"] = body.type || "application/octet-stream";
  } else if (body !== undefined) {
    options.body = JSON.stringify(body);
    options.headers["content-type"] = "application/json";
  }
  const answer = await fetch(path, options);
  const text = await answer.text();
  let value = null;
  try {
    value = text ? JSON.parse(text) : null;
  } catch {
    value = null;
  }
  if (!answer.ok) {
    throw { status: answer.status, code: "internal", message: "", ...(value?.error ?? {}) };
  }
  return value;
}

// A form that was sent once is not sent twice by an impatient second press.
// One that brings a file leaves the page as it is, and may be sent again.
for (const form of document.querySelectorAll("form[method=post]:not([data-file])")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    form.setAttribute("aria-busy", "true");
  });
}
// The back button may bring a page back from memory.
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    form.removeAttribute("aria-busy");
  }
});

// What asks for it is printed or copied.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
for (const button of document.querySelectorAll("[data-copy]")) {
  const source = document.getElementById(button.dataset.copy);
  if (!source || !navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(source.textContent);
    button.dataset.done = "yes";
    button.querySelector("[data-copied]")?.removeAttribute("hidden");
  });
}

// Times of the browser beside those of the box.
for (const place of document.querySelectorAll("time[data-now]")) {
  const box = Number(place.dataset.now);
  const loaded = performance.now();
  const difference = Math.round((Date.now() - box) / 1000);
  const target = document.getElementById(place.dataset.difference ?? "");
  if (target) {
    const close = Math.abs(difference) < 60;
    target.textContent = close ? target.dataset.same : target.dataset.other.replace("{0}", String(Math.abs(difference)));
    target.dataset.state = close ? "good" : "warn";
    target.hidden = false;
  }
  const zone = place.dataset.zone || undefined;
  const form = new Intl.DateTimeFormat(document.documentElement.lang, {
    hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23", timeZone: zone,
  });
  setInterval(() => {
    place.textContent = form.format(box + (performance.now() - loaded));
  }, 1000);
}

// The time of this device, as it is when the form is sent.
for (const form of document.querySelectorAll("form[data-phone-time]")) {
  form.hidden = false;
  form.addEventListener("submit", () => (form.elements.now_ms.value = String(Date.now())));
}

// What is wrong is where the reader is.
document.querySelector("[data-focus]")?.focus();
