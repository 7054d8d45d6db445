// The sentences of the screen that were written by hand (tests/it/kiosk/sentences.txt).
import { readFileSync } from "node:fs";

/// State → {id: [sentence, second line], en: […]}.
export const written = {};
for (const line of readFileSync(new URL("../it/kiosk/sentences.txt", import.meta.url), "utf8").split("\n")) {
  if (!line || line.startsWith("#")) continue;
  const [name, idMain, idSecond, enMain, enSecond = ""] = line.split("|").map((part) => part.trim());
  written[name] = { id: [idMain, idSecond], en: [enMain, enSecond] };
}

const DECISIONS = /^(admitted|present|late|exit|already_day|already_ticket|refused|attention|instruct)(\.|$)/;

/// Whether a state of the list is a decision's.
export const isDecision = (name) => DECISIONS.test(name);
