// The card that fills the screen: what was scanned last and what the box said to it. Pure: each
// function takes a card and gives the next one, times are handed in.

import { PATIENCE_MS } from "./desk_line.js";

/** How long a decided card stays, unless it is held. */
export const STAY_MS = 30_000;

const TONES = {
  admitted: "go",
  already: "look",
  ambiguous: "look",
  attention: "look",
  refused: "stop",
};
const ICONS = { go: "tick", look: "look", stop: "cross", wait: "dots", unsent: "clock" };

/**
 * A code or person was asked about: grey, until the box has decided. `here`: staff may let the
 * person in without it.
 */
export function asked({ nonce, label, at_ms, here = false }) {
  return { phase: "asked", tone: "wait", icon: ICONS.wait, nonce, label, at_ms, here, held: false };
}

/** The box has answered this card, or another one, which then stays as it is. */
export function answered(card, { nonce, decision }, now_ms) {
  if (!card || card.nonce !== nonce) return card;
  // Let in against a rule, by a report or by a supervisor: known, but somebody has to look.
  const tone = decision.conflict ? "look" : (TONES[decision.verdict] ?? "look");
  const exit = tone === "go" && decision.direction === "exit";
  const icon = exit ? "exit" : ICONS[tone];
  return { ...card, phase: "decided", tone, icon, decision, decided_ms: now_ms };
}

/** The box refused to decide: that says nothing about the visitor. */
export function stuck(card, { nonce, problem }) {
  if (!card || card.nonce !== nonce) return card;
  return { ...card, phase: "stuck", tone: "unsent", icon: "look", problem };
}

/** Staff let the person in without the box. */
export function admittedHere(card, { nonce }) {
  if (!card || card.nonce !== nonce) return card;
  return { ...card, phase: "here", tone: "unsent", icon: ICONS.unsent };
}

/** Under which nonce the box knows what the card shows: of a report it is the report's own. */
export function known(card) {
  return card.decision?.nonce ?? card.nonce;
}

/** Who it is (class, number), and what was there before of the same ticket or person, newest first. */
export function earlier(card, { nonce, items, facts = [] }) {
  if (!card || card.phase !== "decided" || card.nonce !== nonce) return card;
  return { ...card, earlier: items, facts };
}

/** An admission was undone. */
export function undone(card, nonce) {
  if (!card || known(card) !== nonce) return card;
  return { ...card, phase: "undone", tone: "look", icon: "look" };
}

/** Somebody reads it: it stays until the next code. */
export function held(card) {
  return card ? { ...card, held: true } : card;
}

/** Time has passed: what is not answered turns amber, what was read long enough goes. */
export function passed(card, now_ms) {
  if (!card) return card;
  if (card.phase === "asked" && now_ms - card.at_ms >= PATIENCE_MS) {
    return { ...card, phase: "unsent", tone: "unsent", icon: ICONS.unsent };
  }
  const over = card.phase === "decided" && !card.held && now_ms - card.decided_ms >= STAY_MS;
  return over ? null : card;
}

/** How much of its time is left, 0 to 1, for the bar. */
export function left(card, now_ms) {
  if (card?.phase !== "decided" || card.held) return null;
  return Math.max(0, 1 - (now_ms - card.decided_ms) / STAY_MS);
}

/** Which sound belongs to a card that has just got there. */
export function sound(card) {
  if (card?.phase !== "decided") return null;
  if (card.icon === "exit") return "exit";
  return { go: "admitted", look: "attention", stop: "refused" }[card.tone];
}

/** A code as it may stand on a screen: its last four letters. */
export function shortened(code) {
  const letters = [...code];
  return letters.length <= 4 ? code : `…${letters.slice(-4).join("")}`;
}
