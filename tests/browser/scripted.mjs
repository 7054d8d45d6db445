// The real page of the screen before a box that plays a part: what the box answers to a picture and
// to a sign of life is said by the test, so that each state can be brought about.
import { eventually } from "./box.mjs";
import { isDecision, written } from "./written.mjs";

const SEEN = { width: 640, height: 480, faces: [], hint: null, asked: null, settled: false, faces_off: false };
const FACE = [[200, 120, 160, 160]];
const NOBODY = { seen: SEEN, decisions: [] };

/// A page that is closed meanwhile needs no answer any more.
const answering = (take) => async (route) => {
  try {
    await take(route);
  } catch (error) {
    if (!/closed|disposed|ECONNREFUSED|already handled/i.test(error.message)) throw error;
  }
};

/// Puts a part before the page. `part.frame` is the answer to each picture, a string: no answer;
/// `part.state` goes over what the box says of itself.
export async function play(page) {
  const part = { frame: NOBODY, state: {}, lost: false, number: 0 };
  await page.clock.install();
  await page.route("**/api/v1/kiosk/frame", answering((route) => {
    if (part.lost) return route.abort();
    if (part.frame === "face_engine") {
      return route.fulfill({ status: 503, json: { error: { code: "face_engine", message: "" } } });
    }
    const { decisions, ...rest } = part.frame;
    part.frame = { ...rest, decisions: [] }; // a decision is told once
    return route.fulfill({ json: { skipped: false, ...rest, decisions } });
  }));
  await page.route("**/api/v1/kiosk/heartbeat", answering(async (route) => {
    if (part.lost) return route.abort();
    const answer = await route.fetch();
    return route.fulfill({ response: answer, json: { ...(await answer.json()), ...part.state } });
  }));
  await page.route("**/api/v1/kiosk/help", (route) => route.fulfill({ status: 204 }));
  return part;
}

const seen = (more) => ({ seen: { ...SEEN, ...more }, decisions: [] });
const face = (more = {}) => seen({ faces: FACE, ...more });
const asks = (step, attempt = 1) => face({ asked: { step, left_ms: 3000, attempt } });

let number = 0;
function decision(name) {
  const [show, reason = null] = name.split(".");
  const text = (language) => {
    const [sentence, next_step] = written[name][language];
    return { sentence, next_step: next_step || null };
  };
  number += 1;
  const nonce = `01JD5Z3N8GQ4X6V7W8Y9Z${String(number).padStart(5, "0")}`;
  return { nonce, show, reason, hold_ms: 120_000, second: false, text: { id: text("id"), en: text("en") } };
}

/// How each state of the list comes about; decisions come as such.
const STATES = {
  idle: async () => {},
  "idle.codes": async (page, part) => beat(page, part, { faces: false }),
  closed: async (page, part) => beat(page, part, { open: false, opens: "06:30" }),
  closed_unknown: async (page, part) => beat(page, part, { open: false, opens: null }),
  "challenge.look": async (page, part) => (part.frame = asks("look")),
  "challenge.turn_left": async (page, part) => (part.frame = asks("turn_left")),
  "challenge.turn_right": async (page, part) => (part.frame = asks("turn_right")),
  "challenge.blink": async (page, part) => (part.frame = asks("blink")),
  "challenge.again": async (page, part) => (part.frame = asks("turn_left", 2)),
  deciding: async (page, part) => {
    part.frame = face();
    await until(page, "deciding");
  },
  "deciding.late": async (page, part) => {
    part.frame = face();
    await until(page, "deciding");
    await page.clock.fastForward(6000);
  },
  help: async (page) => page.click("#call"),
  lost: async (page, part) => {
    await cut(page, part);
    await until(page, "lost");
  },
  "lost.late": async (page, part) => {
    await cut(page, part);
    await until(page, "lost");
    await page.clock.fastForward(16_000);
  },
  camera_gone: async (page, part) => (part.frame = "face_engine"),
  maintenance: async (page) => {
    await page.evaluate(() => localStorage.setItem("kiosk_out_of_service", "yes"));
    await page.reload();
  },
  number: async (page) => page.click("#open-number"),
  digits: async (page, part) => {
    const proposed = decision("attention.second_factor");
    part.frame = { ...face(), decisions: [{ ...proposed, second: true }] };
  },
};
for (const name of Object.keys(written)) {
  const [head, tail] = name.split(".");
  if (head === "seen" || head === "look") STATES[name] = async (page, part) => (part.frame = face({ hint: tail }));
  if (isDecision(name)) STATES[name] = async (page, part) => (part.frame = { ...face({ settled: true }), decisions: [decision(name)] });
}
export { STATES };

/// The name that the page has for a state of the list.
export function screenOf(name) {
  if (name === "digits") return "number";
  return name === "closed_unknown" ? "closed" : name.split(".")[0];
}

export const onScreen = (page) => page.getAttribute("#stage", "data-screen");

async function until(page, screen) {
  await eventually(`the screen ${screen}`, async () => {
    await page.clock.runFor(300);
    return (await onScreen(page)) === screen;
  });
}

/// Nothing comes through any more: no answer, and no event either.
async function cut(page, part) {
  part.lost = true;
  await page.context().setOffline(true);
}

/// Lets a sign of life go out that is answered with this.
async function beat(page, part, state) {
  part.state = { ...part.state, ...state };
  const answered = page.waitForResponse("**/api/v1/kiosk/heartbeat");
  await page.clock.fastForward(5100);
  await answered;
}

/// Makes the screen one of this size, its diagonal in inches and the visitors' distance in cm.
export async function become(page, part, { width, height, inches, distance }) {
  await page.setViewportSize({ width, height });
  await beat(page, part, { diagonal_inch: inches, distance_cm: distance });
}

/// Back to a screen before which nobody stands.
export async function rest(page, part) {
  part.frame = NOBODY;
  if (part.lost) await page.context().setOffline(false);
  part.lost = false;
  if (await page.evaluate(() => localStorage.getItem("kiosk_out_of_service"))) {
    await page.evaluate(() => localStorage.removeItem("kiosk_out_of_service"));
    await page.reload();
  }
  await beat(page, part, { open: true, opens: null, faces: true });
  await page.clock.fastForward(125_000);
  await until(page, "idle");
}

/// Whether a state stays until the screen was brought back to rest: others give way to the next.
export const needsRest = (name) => !/^(seen|look|challenge|idle$)/.test(name) && !isDecision(name);

/// Brings a state of the list about and waits until the page shows it.
export async function bring(page, part, name) {
  // An advice stands for a while before another takes its place.
  await page.clock.fastForward(1600);
  await STATES[name](page, part);
  const [want] = written[name].id;
  await eventually(`the state ${name}`, async () => {
    await page.clock.runFor(100);
    const screen = await onScreen(page);
    return screen === screenOf(name) && (await page.textContent("#main")) === want;
  });
}
