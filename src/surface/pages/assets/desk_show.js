// How the desk draws: elements from values, never markup from text.

import { say } from "./page.js";
import { known, left } from "./desk_card.js";

/** An element with attributes, listeners (`onclick`) and children. */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, String(value));
  }
  element.append(...children.filter((child) => child != null && child !== false));
  return element;
}

/** A clock time in the box's zone: 06.52 or 06:52. */
export function clock(zone, language) {
  const form = new Intl.DateTimeFormat(language, {
    hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone,
  });
  return (ms) => form.format(ms);
}

const SIGNS = { tick: "✓", cross: "✕", look: "!", exit: "↗", dots: "…", clock: "◷" };
const HEADS = {
  admitted: "CARD_ADMITTED",
  already: "CARD_ALREADY",
  refused: "CARD_REFUSED",
  ambiguous: "CARD_ATTENTION",
  attention: "CARD_ATTENTION",
};

/** The one word of a decision. */
export function word(decision) {
  const exit = decision.verdict === "admitted" && decision.direction === "exit";
  return say(exit ? "CARD_EXIT" : (HEADS[decision.verdict] ?? "CARD_ATTENTION"));
}

function texts(card, time) {
  switch (card.phase) {
    case "asked":
      return { head: say("ASKED"), lines: [] };
    case "unsent":
      return { head: say("CARD_UNSENT"), lines: [say(card.here ? "CARD_UNSENT_TEXT" : "CARD_UNSENT_WAIT")] };
    case "here":
      return { head: say("CARD_HERE"), lines: [say("CARD_HERE_TEXT")] };
    case "stuck":
      return { head: say("CARD_STUCK"), lines: [card.problem ? why(card.problem) : ""] };
    case "undone":
      return { head: say("CARD_UNDONE"), lines: [] };
    default:
      return decided(card.decision, time);
  }
}

function decided(decision, time) {
  const lines = [decision.sentence, decision.next_step];
  if (decision.first_at_ms) lines.push(say("FIRST_AT", time(decision.first_at_ms)));
  if (decision.late_minutes) lines.push(say("LATE", decision.late_minutes));
  if (decision.detail) lines.push(decision.detail);
  if (decision.conflict) lines.push(say("CONFLICT"));
  return { head: word(decision), lines };
}

/** One of the passages before: when, which way, where, by whom. */
function passage(before, time) {
  const facts = [
    time(before.at_ms),
    say(before.direction === "exit" ? "EXIT" : "ENTRY"),
    before.gate,
    before.device,
    before.staff,
    before.mode === "offline" ? say("MODE_OFFLINE") : null,
  ];
  return make("li", {}, facts.filter(Boolean).join(" · "));
}

/** Draws the card; `acts` are what its buttons do. */
export function drawCard(place, card, { time, acts }) {
  place.hidden = !card;
  if (!card) {
    place.replaceChildren();
    return;
  }
  const { head, lines } = texts(card, time);
  place.className = `desk-card ${card.tone}`;
  const name = card.decision?.name ?? card.name ?? card.label;
  const parts = [
    make("p", { class: "sign", "aria-hidden": "true" }, SIGNS[card.icon] ?? ""),
    make("p", { class: "head" }, head),
    name ? make("p", { class: "name" }, name) : null,
    card.facts?.length ? make("p", {}, card.facts.join(" · ")) : null,
    ...lines.filter(Boolean).map((line) => make("p", {}, line)),
    card.earlier?.length
      ? make("ul", { class: "earlier" }, ...card.earlier.map((before) => passage(before, time)))
      : null,
    make("div", { class: "actions" }, ...buttons(card, acts)),
    card.phase === "decided" ? bar(card) : null,
  ];
  place.replaceChildren(...parts.filter(Boolean));
}

function bar(card) {
  const progress = make("progress", { max: 1, "aria-hidden": "true" });
  progress.value = left(card, card.decided_ms) ?? 1;
  return progress;
}

/** Moves the bar only, so that nothing is read out again. */
export function moveBar(place, card, now_ms) {
  const progress = place.querySelector("progress");
  const share = left(card, now_ms);
  if (!progress) return;
  progress.hidden = share === null;
  progress.value = share ?? 0;
}

function buttons(card, acts) {
  const button = (name, act, kind = "") =>
    make("button", { type: "button", class: kind, onclick: () => act(card) }, say(name));
  if (card.phase === "unsent") {
    const here = card.here ? [button("ADMIT_HERE", acts.here, "primary")] : [];
    return [button("WAIT", acts.close), ...here];
  }
  const all = [];
  if (card.phase === "decided" && card.decision.verdict === "admitted") {
    all.push(button("UNDO", () => acts.undo({ nonce: known(card) })));
  }
  if (acts.mayOverride(card)) all.push(button("ADMIT_AGAIN", acts.override));
  if (card.phase === "stuck") return [button("CLOSE", acts.dismiss)];
  if (card.phase !== "asked") all.push(button("CLOSE", acts.close));
  return all;
}

/**
 * One hit of a search: a tap opens it, a second one admits. Who is inside has the undo there
 * instead: people press again when the network is slow. `pending`: the box has not answered yet.
 */
export function drawHit(hit, { time, direction, acts, pending }) {
  const facts = [
    hit.class ? say("CLASS", hit.class) : null,
    hit.number,
    hit.tickets === 0 ? say("NO_TICKET") : null,
  ].filter(Boolean);
  const inside = hit.inside && hit.first_at_ms;
  const entered = inside ? say("INSIDE_SINCE", time(hit.entry_at_ms ?? hit.first_at_ms)) : "";
  return make(
    "li",
    {},
    make(
      "details",
      { name: "hit" },
      make(
        "summary",
        {},
        make("strong", {}, hit.name),
        make("span", { class: "facts" }, facts.join(" · ")),
        inside ? make("span", { class: "badge good" }, entered) : null,
      ),
      act(hit, { entered, direction, acts, pending }),
    ),
  );
}

function act(hit, { entered, direction, acts, pending }) {
  const button = (text, attributes) => make("button", { type: "button", ...attributes }, text);
  if (pending) return button(say("CARD_UNSENT"), { class: "large", disabled: true });
  if (entered && direction !== "exit" && hit.visit) {
    const undo = () => acts.undo({ nonce: hit.visit });
    return button(`${entered} · ${say("UNDO")}`, { class: "large", onclick: undo });
  }
  const admit = (event) => acts.admit(hit, event.currentTarget);
  const name = direction === "exit" ? "LET_OUT" : "ADMIT";
  return button(say(name), { class: "primary large", onclick: admit });
}

/** One of the last scans. */
export function drawScan(scan, { time, acts }) {
  const tone = { admitted: "good", refused: "bad" }[scan.verdict] ?? "warn";
  const text = scan.undone ? say("CARD_UNDONE") : word(scan);
  const undo = scan.verdict === "admitted" && !scan.undone;
  return make(
    "li",
    {},
    make("time", {}, time(scan.at_ms)),
    make("span", { class: "who" }, scan.name ?? say("UNKNOWN_NAME")),
    make("span", { class: `badge ${scan.undone ? "warn" : tone}` }, text),
    undo ? make("button", { type: "button", class: "quiet", onclick: () => acts.undo(scan) }, say("UNDO")) : null,
  );
}

/** An intent that the box has not answered; `here`: it may be let in without the box. */
export function drawUnsent(entry, { time, acts, here }) {
  const head = entry.stuck ? "CARD_STUCK" : entry.report ? "CARD_HERE" : "CARD_UNSENT";
  const button = (name, act, kind) =>
    make("button", { type: "button", class: kind, onclick: () => act(entry) }, say(name));
  const parts = [
    make("time", {}, time(entry.at_ms)),
    make("span", { class: "who" }, entry.label || say("PICKED")),
    make("span", { class: "badge warn" }, say(head)),
    entry.stuck ? make("span", { class: "facts" }, why(entry.stuck)) : null,
    entry.stuck ? button("CLOSE", acts.dismiss, "quiet") : null,
    here && !entry.stuck && !entry.report ? button("ADMIT_HERE", acts.here, "") : null,
  ];
  return make("li", {}, ...parts);
}

/** Why the box will never take an intent. */
export function why({ code, message }) {
  return code === "nonce_reused" ? say("STUCK_KNOWN") : code === "forbidden" ? say("STUCK_FORBIDDEN") : message;
}
