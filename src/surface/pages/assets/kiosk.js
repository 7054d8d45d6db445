// The screen at the door: puts what the state machine says onto the page, and what happens into it.

import { BoxCamera, BrowserCamera } from "./kiosk_camera.js";
import { play } from "./kiosk_sound.js";
import { initial, pause, reduce, reloads, screen, sizes, touch } from "./kiosk_state.js";
import { nonce } from "./desk_nonce.js";
import { call } from "./page.js";

const given = JSON.parse(document.getElementById("words").textContent);
const $ = (id) => document.getElementById(id);
const KEPT = "kiosk_out_of_service";

let about = given.state;
let state = initial(Date.now(), {
  language: about.language,
  open: about.open,
  opens: about.opens,
  faces: about.faces,
  maintenance: localStorage.getItem(KEPT) === "yes",
});
let drawn = "";
let boxes = null;
const told = []; // nonces of decisions that were shown, the newest last
const loaded = { at: Date.now(), files: about.files };

// ---- what happens ---------------------------------------------------------------------------

function happen(type, more = {}) {
  const [next, wishes] = reduce(state, { type, at: Date.now(), ...more });
  state = next;
  for (const wish of wishes) grant(wish);
  draw();
}

function grant(wish) {
  if (wish.kind === "sound") play(wish.sound, new Date().getHours());
  if (wish.kind === "help") call("POST", "/api/v1/kiosk/help").catch(() => {});
  if (wish.kind === "number") sendNumber(wish.digits, wish.second);
}

function decided(decision) {
  if (told.includes(decision.nonce)) return;
  told.push(decision.nonce);
  if (told.length > 20) told.shift();
  happen("decision", { decision });
}

/** Sends the number until it is answered; the same nonce makes it one check-in. */
async function sendNumber(number, second) {
  const body = { number, second, nonce: nonce(Date.now(), crypto.getRandomValues(new Uint8Array(10))) };
  const asked_at = Date.now();
  for (let tries = 0; tries < 4; tries += 1) {
    try {
      decided(await call("POST", "/api/v1/kiosk/number", body));
      return;
    } catch (error) {
      if (error.status >= 400 && error.status < 500 && error.status !== 429) {
        refusedAtAll(error);
        break;
      }
      happen("lost", { since: asked_at });
      await new Promise((done) => setTimeout(done, pause(tries)));
    }
  }
  happen("failed");
}

/** The box does not know this screen any more: it has to be paired again. */
function refusedAtAll(error) {
  if (error?.status === 401) location.reload();
}

const camera = about.camera === "box"
  ? new BoxCamera($("preview"), fromCamera, pause)
  : new BrowserCamera($("camera"), fromCamera, pause);

function fromCamera(type, more) {
  if (type === "answer") {
    if (more.seen) {
      boxes = more.seen;
      happen("frame", {
        faces: more.seen.faces.length,
        hint: more.seen.hint,
        asked: more.seen.asked,
        settled: more.seen.settled,
      });
    }
    for (const decision of more.decisions) decided(decision);
  } else if (type === "lost") {
    const { error } = more;
    refusedAtAll(error);
    // An answer that refuses is an answer: the box is there.
    happen(error?.status > 0 ? "back" : "lost");
    if (error?.code === "face_engine") happen("camera", { ok: false });
  } else {
    happen(type, more);
  }
}

// ---- the box ----------------------------------------------------------------------------------

function listen() {
  const events = new EventSource("/api/v1/kiosk/events");
  const on = (name, take) => events.addEventListener(name, (event) => take(JSON.parse(event.data)));
  on("hello", () => happen("back"));
  on("pulse", () => happen("back"));
  on("seen", (seen) => camera.saw?.(seen));
  on("decision", decided);
  on("helped", () => happen("helped"));
  events.onerror = () => {
    happen("lost");
    if (events.readyState === EventSource.CLOSED) setTimeout(listen, 5000);
  };
}

async function beat() {
  try {
    const before = about;
    about = await call("POST", "/api/v1/kiosk/heartbeat", {
      screen: screen(state).name,
      frame_age_ms: camera.age(),
      memory_bytes: performance.memory?.usedJSHeapSize ?? null,
    });
    happen("back");
    happen("occasion", { open: about.open, opens: about.opens, faces: about.faces });
    if (about.diagonal_inch !== before.diagonal_inch || about.distance_cm !== before.distance_cm) measure();
    const changed = about.files !== loaded.files;
    if (!$("menu").open && reloads(state, loaded.at, new Date().getHours(), changed)) location.reload();
  } catch (error) {
    refusedAtAll(error);
    if (!(error?.status > 0)) happen("lost");
  }
}

// ---- the page ---------------------------------------------------------------------------------

function text(name, ...values) {
  const words = given.texts[state.language][name] ?? "";
  return words.replace(/\{(\d)\}/g, (_, place) => String(values[Number(place)] ?? ""));
}

/** The value in the place of a sentence: the time it opens, or the word for the desk. */
function filled(name) {
  if (!name) return "";
  if (name === "OPENS_AT") return text(name, local(state.opens));
  return text(name, given.desk[state.language]);
}

/** A time of day as the language writes it. */
function local(time) {
  return state.language === "id" ? String(time).replace(":", ".") : String(time);
}

function draw() {
  const shown = screen(state);
  const key = JSON.stringify([shown, state.language, about.occasion]);
  drawBoxes(shown);
  if (key === drawn) return;
  drawn = key;
  const result = shown.text?.[state.language];
  const stage = $("stage");
  stage.dataset.screen = shown.name;
  stage.dataset.tone = shown.tone;
  document.documentElement.lang = state.language;
  document.body.classList.toggle("dim", Boolean(shown.dim));
  put("main", result ? result.sentence : filled(shown.main));
  put("second", result ? result.next_step ?? "" : filled(shown.second));
  $("sign-use").setAttribute("href", `#sign-${shown.sign}`);
  $("sign").dataset.sign = shown.sign;
  $("mirror").hidden = !["seen", "look", "challenge", "deciding"].includes(shown.name) && !given.aim;
  $("share").hidden = !(shown.share > 0);
  $("share").setAttribute("aria-valuenow", String(Math.round((shown.share ?? 0) * 100)));
  $("share-bar").style.width = `${Math.round((shown.share ?? 0) * 100)}%`;
  $("cannot").hidden = shown.name !== "challenge";
  drawPad(shown);
  drawWords();
  const words = [$("main").textContent, $("second").textContent, shown.name, $("mirror").hidden].join("|");
  if (words !== fitted) fit();
  fitted = words;
}
let fitted = "";

function put(id, words) {
  const place = $(id);
  if (place.textContent !== words) place.textContent = words;
  place.hidden = words === "";
}

function drawPad(shown) {
  const open = shown.name === "number";
  $("pad").hidden = !open;
  if (!open) return;
  $("digits").textContent = shown.digits || " ";
  $("number-send").disabled = shown.sent || shown.digits === "";
  $("number-warn").hidden = shown.warn_s === 0;
  $("number-stay").classList.toggle("away", shown.warn_s === 0);
  $("number-stay").disabled = shown.warn_s === 0;
  if (shown.warn_s > 0) put("number-warn", text("NUMBER_CLEARS", shown.warn_s));
}

let worded = "";
function drawWords() {
  put("occasion", about.occasion ?? text("ATTENDANCE"));
  if (worded === state.language) return;
  worded = state.language;
  for (const place of document.querySelectorAll("[data-text]")) place.textContent = text(place.dataset.text);
  for (const place of document.querySelectorAll("[data-label]")) place.setAttribute("aria-label", text(place.dataset.label));
  for (const button of document.querySelectorAll("[data-language]")) {
    button.setAttribute("aria-pressed", String(button.dataset.language === state.language));
  }
}

/** The box around the face, on a picture that is mirrored as people know themselves. */
function drawBoxes(shown) {
  const canvas = $("boxes");
  if ($("mirror").hidden || !boxes?.width) return;
  canvas.width = boxes.width;
  canvas.height = boxes.height;
  const pen = canvas.getContext("2d");
  pen.clearRect(0, 0, canvas.width, canvas.height);
  pen.strokeStyle = getComputedStyle(canvas).color;
  pen.lineWidth = Math.max(3, boxes.width / 160);
  for (const [left, top, width, height] of boxes.faces.slice(0, 1)) {
    pen.beginPath();
    pen.roundRect(left, top, width, height, width / 5);
    pen.stroke();
  }
  if (given.aim) aim(pen, shown);
}

/** Heights in the picture, for fitting the camera. */
function aim(pen) {
  const { width, height, faces } = boxes;
  pen.font = `${Math.round(height / 24)}px sans-serif`;
  pen.fillStyle = pen.strokeStyle;
  for (let tenth = 1; tenth < 10; tenth += 1) {
    const y = (height * tenth) / 10;
    pen.fillRect(0, y, width / (tenth === 5 ? 4 : 12), 2);
  }
  const face = faces[0];
  const at = face ? Math.round(((face[1] + face[3] / 2) / height) * 100) : 0;
  put("aim-face", face ? text("AIM_FACE", Math.round(face[2]), at) : text("AIM_NOBODY"));
}

function measure() {
  const { main, second } = sizes(innerWidth, innerHeight, about.diagonal_inch, about.distance_cm);
  document.body.style.setProperty("--main", `${main}px`);
  document.body.style.setProperty("--second", `${second}px`);
  const { side, gap } = touch(innerWidth, innerHeight, about.diagonal_inch);
  document.body.style.setProperty("--touch", `${side}px`);
  document.body.style.setProperty("--gap", `${gap}px`);
  fit();
}

/** The ways to lay a sentence out, from the roomiest to the one that leaves all room to words. */
const LAYOUTS = ["wide", "stack", "words"];

/** The sentence keeps its size: where it needs more than two lines or does not fit, the drawing and
 * the picture give way first, then a third line; only then is it written smaller, never cut off. */
function fit() {
  const stage = $("stage");
  stage.style.setProperty("--fit", "1");
  for (const lines of [2, 3, 9]) {
    for (const layout of LAYOUTS) {
      stage.dataset.layout = layout;
      if (fits(stage, lines)) return;
    }
  }
  for (let share = 0.96; share > 0.3; share -= 0.04) {
    stage.style.setProperty("--fit", share.toFixed(2));
    if (fits(stage, 9)) return;
  }
}

/** Whether all of the stage lies inside of it, the sentence in no more than so many lines. */
function fits(stage, lines) {
  const room = stage.getBoundingClientRect();
  const main = $("main");
  const line = parseFloat(getComputedStyle(main).lineHeight);
  if (main.offsetHeight > lines * line + 2) return false;
  const shown = [...stage.querySelectorAll(".main, .second, .sign, .mirror")].filter((part) => part.getClientRects().length);
  return shown.every((part) => {
    const at = part.getBoundingClientRect();
    const inside = at.top >= room.top && at.bottom <= room.bottom && at.left >= room.left && at.right <= room.right;
    return inside && part.scrollWidth <= part.clientWidth + 1;
  });
}

function clock() {
  const form = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: about.zone || undefined };
  let time;
  try {
    time = new Intl.DateTimeFormat("en-GB", form).format(new Date());
  } catch {
    time = new Intl.DateTimeFormat("en-GB", { ...form, timeZone: undefined }).format(new Date());
  }
  $("clock").textContent = local(time);
}

// ---- hands --------------------------------------------------------------------------------------

const press = (id, take) => $(id).addEventListener("click", take);
press("open-number", () => happen(state.number ? "number_close" : "number_open"));
press("call", () => happen("help"));
press("cannot", () => happen("help"));
press("number-delete", () => happen("number_delete"));
press("number-close", () => happen("number_close"));
press("number-stay", () => happen("number_stay"));
$("pad").addEventListener("submit", (event) => {
  event.preventDefault();
  happen("number_send");
});
for (const key of document.querySelectorAll("[data-key]")) {
  key.addEventListener("click", () => happen("number_key", { key: key.dataset.key }));
}
for (const button of document.querySelectorAll("[data-language]")) {
  button.addEventListener("click", () => happen("language", { language: button.dataset.language }));
}
// A keyboard types as the pad does: digits open it, Escape closes it.
addEventListener("keydown", (event) => {
  if ($("menu").open || event.target.tagName === "INPUT" || event.ctrlKey || event.altKey || event.metaKey) return;
  if (/^[0-9]$/.test(event.key)) {
    if (!state.number) happen("number_open");
    happen("number_key", { key: event.key });
  } else if (state.number && event.key === "Backspace") {
    happen("number_delete");
  } else if (state.number && event.key === "Escape") {
    happen("number_close");
  } else if (state.number && event.key === "Enter" && event.target.tagName !== "BUTTON") {
    happen("number_send");
  }
});

// The menu of staff: a corner pressed for five seconds, or Enter on it by keyboard, then the PIN.
let holding = 0;
$("corner").addEventListener("pointerdown", () => {
  clearTimeout(holding);
  holding = setTimeout(openMenu, 5000);
});
for (const end of ["pointerup", "pointerleave", "pointercancel"]) {
  $("corner").addEventListener(end, () => clearTimeout(holding));
}
$("corner").addEventListener("keydown", (event) => {
  if (event.key === "Enter") openMenu();
});

function openMenu() {
  $("menu-items").hidden = true;
  $("menu-lock").hidden = false;
  $("pin").value = "";
  $("pin-error").textContent = "";
  if (!$("menu").open) $("menu").showModal();
  $("pin").focus();
}

async function unlock() {
  try {
    await call("POST", "/api/v1/kiosk/escape", { pin: $("pin").value });
    $("menu-lock").hidden = true;
    $("menu-items").hidden = false;
    const way = text(about.direction === "exit" ? "EXIT" : "ENTRY");
    put("menu-state", text("MENU_STATE", about.occasion ?? text("ATTENDANCE"), way, text(state.lost_since ? "BAD" : "GOOD")));
    offer(await call("GET", "/api/v1/kiosk/menu"));
    $("menu-out").hidden = state.maintenance;
    $("menu-in").hidden = !state.maintenance;
    $("menu-next-camera").hidden = about.camera === "box";
  } catch (error) {
    const names = { wrong_pin: "MENU_WRONG", pin_locked: "MENU_LOCKED", no_pin: "MENU_NO_PIN" };
    put("pin-error", text(names[error.code] ?? "RECONNECTING"));
    $("pin-error").hidden = false;
  }
  $("pin").value = "";
}

/** Puts what may be chosen into the menu. */
function offer({ events, event, direction, fixed, addresses, code }) {
  const list = $("menu-event");
  const [daily] = list.options;
  const named = ({ id, name }) => {
    const option = document.createElement("option");
    option.value = id;
    option.textContent = name;
    return option;
  };
  list.replaceChildren(daily, ...events.map(named));
  list.value = event ?? "";
  $("menu-direction").value = direction;
  $("menu-choice").hidden = fixed;
  $("menu-fixed").hidden = !fixed;
  put("menu-told", "");
  put("menu-address", addresses.slice(0, 2).join(" · "));
  $("menu-code").src = code ?? "";
  $("menu-way").hidden = !code;
}

async function choose() {
  const body = { event: $("menu-event").value || null, direction: $("menu-direction").value };
  try {
    about = await call("POST", "/api/v1/kiosk/options", body);
    happen("occasion", { open: about.open, opens: about.opens, faces: about.faces });
    put("menu-told", text("MENU_CHOSEN"));
  } catch (error) {
    refusedAtAll(error);
    put("menu-told", text("MENU_NOT_CHOSEN"));
  }
}
$("menu-choice").addEventListener("submit", (event) => {
  event.preventDefault();
  choose();
});

function serve(on) {
  if (on) localStorage.removeItem(KEPT);
  else localStorage.setItem(KEPT, "yes");
  happen("maintenance", { on: !on });
  $("menu").close();
}
press("menu-open", unlock);
$("menu-lock").addEventListener("submit", (event) => {
  event.preventDefault();
  unlock();
});
press("menu-close", () => $("menu").close());
press("menu-out", () => serve(false));
press("menu-in", () => serve(true));
press("menu-reload", () => location.reload());
press("menu-sound", () => play("admitted", 12));
press("menu-next-camera", () => camera.next().catch(() => {}));
press("menu-aim", () => location.assign("/kiosk?aim"));

// ---- begin ----------------------------------------------------------------------------------------

addEventListener("resize", measure);
measure();
clock();
draw();
listen();
camera.start();
setInterval(clock, 1000);
setInterval(() => happen("tick"), 250);
setInterval(beat, 5000);
beat();
