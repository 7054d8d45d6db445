// The screen at the door as a plain state machine: events and times come in, a state and wishes
// go out. No clock, no network, no document: `node --test tests/browser/unit` runs it as it is.

/** All times, in milliseconds. */
export const TIMES = {
  nobody: 4000, // nobody for so long: idle
  dim: 60000,
  hint: 1500, // an advice stands at least so long
  deciding: 500, // before "one moment" is shown
  deciding_desk: 5000, // before the desk is named
  next_face: 1200, // a new face cuts a greeting after this
  stay: 15000, // a refusal stands at most so long while the person stays
  help: 30000,
  lost: 2000,
  lost_desk: 15000,
  number: 60000, // a number being typed is cleared after this
  number_warn: 20000, // and so long before, a warning
  language: 30000, // a chosen language is forgotten after so long without anybody
};

/** Refusals in a row after which staff are called. */
export const REFUSALS = 2;

/** All screens by name: what `data-screen` may say. */
export const SCREENS = [
  "idle", "closed", "seen", "look", "challenge", "deciding", "admitted", "present", "late", "exit", "already_day",
  "already_ticket", "refused", "attention", "instruct", "help", "lost", "camera_gone", "maintenance", "number",
];

/** Hour of the night in which a page that is old is loaded anew. */
export const QUIET_HOUR = 3;

/** Digits of a number, most. */
export const NUMBER_MAX = 32;

/** Screens that tell a decision, with their tone, sign and sound. */
export const RESULTS = {
  admitted: { tone: "good", sign: "tick", sound: "admitted", cut: true },
  present: { tone: "good", sign: "tick", sound: "admitted", cut: true },
  late: { tone: "warn", sign: "clock", sound: "admitted", cut: false },
  exit: { tone: "good", sign: "wave", sound: "exit", cut: true },
  already_day: { tone: "info", sign: "tick", sound: "read", cut: true },
  already_ticket: { tone: "warn", sign: "desk", sound: "attention", cut: false },
  refused: { tone: "bad", sign: "desk", sound: "refused", cut: false },
  attention: { tone: "warn", sign: "desk", sound: "attention", cut: false },
  instruct: { tone: "plain", sign: "look", sound: "", cut: true },
};

/** The state of a screen that was just loaded. `settings`: {language, open, maintenance}. */
export function initial(at, settings) {
  return {
    at,
    began: at,
    home: settings.language,
    language: settings.language,
    chosen_at: 0,
    open: settings.open ?? true,
    opens: settings.opens ?? null,
    recognises: settings.faces ?? true, // whether faces are looked for at all
    maintenance: settings.maintenance ?? false,
    camera: true,
    lost_since: 0,
    face_at: 0, // when a face was seen last
    faces: 0,
    follow_since: 0, // since when a good face is looked at without a decision
    hint: null,
    hint_at: 0,
    asked: null,
    result: null,
    refusals: 0,
    help_until: 0,
    number: null,
    asking_since: 0, // since when a code or number waits for its answer
  };
}

/** Takes an event; gives the new state and a list of wishes: {kind: "help" | "sound" | "number", …}. */
export function reduce(before, event) {
  const state = { ...before, at: event.at };
  const wishes = [];
  const take = EVENTS[event.type];
  if (take) take(state, event, wishes);
  settle(state);
  return [state, wishes];
}

const EVENTS = {
  tick() {},
  frame: takeFrame,
  decision: takeDecision,
  camera(state, event) {
    state.camera = event.ok;
    if (!event.ok) forgetFace(state);
  },
  lost(state, event) {
    state.lost_since = state.lost_since || event.since || event.at;
    state.asking_since = 0;
    forgetFace(state);
  },
  back(state) {
    state.lost_since = 0;
  },
  occasion(state, event) {
    state.open = event.open;
    state.opens = event.opens ?? null;
    state.recognises = event.faces ?? true;
  },
  language(state, event) {
    state.language = event.language;
    state.chosen_at = event.at;
  },
  maintenance(state, event) {
    state.maintenance = event.on;
    state.number = null;
    state.result = null;
  },
  asking(state, event) {
    state.asking_since = event.at;
  },
  failed(state) {
    state.asking_since = 0;
    if (state.number) state.number = { ...state.number, sent: false };
  },
  help(state, event, wishes) {
    callHelp(state, wishes);
    state.number = null;
    state.result = null;
  },
  helped(state) {
    state.help_until = 0;
    state.refusals = 0;
  },
  number_open(state, event) {
    state.number = { digits: "", key_at: event.at, second: false, sent: false };
    state.result = null;
    state.help_until = 0;
  },
  number_key(state, event) {
    const pad = state.number;
    if (!pad || pad.sent || !/^[0-9]$/.test(event.key) || pad.digits.length >= NUMBER_MAX) return;
    state.number = { ...pad, digits: pad.digits + event.key, key_at: event.at };
  },
  number_delete(state, event) {
    if (state.number && !state.number.sent) {
      state.number = { ...state.number, digits: state.number.digits.slice(0, -1), key_at: event.at };
    }
  },
  number_stay(state, event) {
    if (state.number) state.number = { ...state.number, key_at: event.at };
  },
  number_close(state) {
    state.number = null;
  },
  number_send(state, event, wishes) {
    const pad = state.number;
    if (!pad || pad.sent || pad.digits.length === 0) return;
    wishes.push({ kind: "number", digits: pad.digits, second: pad.second });
    state.number = { ...pad, sent: true, key_at: event.at };
    state.asking_since = event.at;
  },
};

function forgetFace(state) {
  state.faces = 0;
  state.follow_since = 0;
  state.hint = null;
  state.asked = null;
}

function takeFrame(state, event) {
  state.camera = true;
  state.lost_since = 0;
  state.faces = event.faces;
  state.asked = event.asked ?? null;
  if (event.faces === 0) {
    state.follow_since = 0;
    return;
  }
  state.face_at = event.at;
  const result = state.result;
  if (result) {
    if (event.settled) stay(state);
    else if (RESULTS[result.show].cut && event.at - result.at >= TIMES.next_face) state.result = null;
  }
  if (event.settled) {
    state.follow_since = 0;
    state.hint = null;
    return;
  }
  // The best advice only, and none chases the other away before it was read.
  const hint = event.asked ? null : event.hint ?? null;
  const read = state.hint === null || event.at - state.hint_at >= TIMES.hint;
  if (hint !== state.hint && read) {
    state.hint = hint;
    state.hint_at = event.at;
  }
  const followed = state.hint === null && !event.asked;
  state.follow_since = followed ? state.follow_since || event.at : 0;
}

/** Whoever was refused and stays reads on, but not for ever. */
function stay(state) {
  const result = state.result;
  if (result.show === "refused") {
    const until = Math.min(result.at + TIMES.stay, state.at + 1000);
    state.result = { ...result, until: Math.max(result.until, until) };
  }
}

function takeDecision(state, event, wishes) {
  const { show, hold_ms, text, second } = event.decision;
  const kind = RESULTS[show] ?? RESULTS.attention;
  state.asking_since = 0;
  state.follow_since = 0;
  state.asked = null;
  state.hint = null;
  state.lost_since = 0;
  const { language } = event.decision; // of whoever was recognised, until nobody is there
  if (language && language !== state.language) {
    state.language = language;
    state.chosen_at = event.at;
  }
  state.number = second ? { digits: "", key_at: event.at, second: true, sent: false } : null;
  state.result = { show: RESULTS[show] ? show : "attention", at: event.at, until: event.at + hold_ms, text };
  if (kind.sound) wishes.push({ kind: "sound", sound: kind.sound });
  if (show === "refused") {
    state.refusals += 1;
    if (state.refusals >= REFUSALS) {
      callHelp(state, wishes);
      // The refusal is read first.
      state.help_until = state.result.until + TIMES.help;
    }
  } else if (show !== "instruct") {
    state.refusals = 0;
    state.help_until = 0;
  }
}

function callHelp(state, wishes) {
  state.refusals = 0;
  if (state.help_until <= state.at) wishes.push({ kind: "help" });
  state.help_until = state.at + TIMES.help;
}

/** What ends by itself. */
function settle(state) {
  if (state.result && state.at >= state.result.until) state.result = null;
  if (state.number && !state.number.sent && state.at - state.number.key_at >= TIMES.number) state.number = null;
  const nobody = state.at - state.face_at >= TIMES.nobody;
  if (nobody && state.faces === 0) {
    state.hint = null;
    state.follow_since = 0;
    if (!state.result && !state.number) state.refusals = 0;
  }
  const idle = nobody && !state.number && !state.result;
  if (idle && state.language !== state.home && state.at - Math.max(state.chosen_at, state.face_at) >= TIMES.language) {
    state.language = state.home;
  }
}

/** What the screen shows: {name, tone, sign, main, second, step?, share?, dim?, warn_s?, text?}. `main`
 * and `second` name texts of the catalogue; `text` is a decision's own. */
export function screen(state) {
  const at = state.at;
  if (state.maintenance) return plain("maintenance", "OUT_OF_SERVICE", "GO_TO_DESK", "desk");
  if (state.number) return numberPad(state);
  if (state.result) {
    const { show, text } = state.result;
    const { tone, sign } = RESULTS[show];
    return { name: show, tone, sign, text };
  }
  if (state.help_until > at) return plain("help", "HELP_TOLD", "HELP_WAIT", "bell");
  if (state.lost_since && at - state.lost_since >= TIMES.lost) {
    const late = at - state.lost_since >= TIMES.lost_desk;
    return plain("lost", late ? "GO_TO_DESK" : "RECONNECTING", null, "ring");
  }
  if (!state.open) return plain("closed", state.opens ? "OPENS_AT" : "NOT_OPEN", null, "clock");
  const waits = state.asking_since ? at - state.asking_since : 0;
  if (waits >= TIMES.deciding) return deciding(waits);
  if (!state.camera) return plain("camera_gone", "NO_CAMERA", "NO_CAMERA_NEXT", "camera");
  return faced(state);
}

/** What is shown while somebody stands there, or nobody. */
function faced(state) {
  const at = state.at;
  const there = state.faces > 0 || at - state.face_at < TIMES.nobody;
  if (there && state.asked) return challenge(state.asked);
  if (there && state.hint) {
    const near = state.hint === "closer" || state.hint === "back";
    return { ...plain(near ? "seen" : "look", HINTS[state.hint] ?? "LOOK", null, "look"), tone: "active" };
  }
  const followed = state.follow_since ? at - state.follow_since : 0;
  if (there && followed >= TIMES.deciding) return deciding(followed);
  if (there && state.faces > 0) return { ...plain("look", "LOOK", null, "look"), tone: "active" };
  const dim = at - Math.max(state.began, state.face_at, state.chosen_at) >= TIMES.dim;
  if (!state.recognises) return { ...plain("idle", "SHOW_CODE", "OR_NUMBER", "face"), dim };
  return { ...plain("idle", "STAND_HERE", "OR_CODE", "face"), dim };
}

function plain(name, main, second, sign) {
  return { name, tone: "plain", sign, main, second };
}

function deciding(waits) {
  return plain("deciding", "ONE_MOMENT", waits >= TIMES.deciding_desk ? "GO_TO_DESK" : null, "ring");
}

/** The texts of the advices. */
export const HINTS = {
  closer: "CLOSER",
  back: "BACK",
  look: "LOOK",
  dark: "DARK",
  bright: "BRIGHT",
  still: "STILL",
  uncover: "UNCOVER",
  one_by_one: "ONE_BY_ONE",
};

/** The texts of the actions. */
export const STEPS = { look: "LOOK", turn_left: "TURN_LEFT", turn_right: "TURN_RIGHT", blink: "BLINK" };

function challenge(asked) {
  const share = asked.step === "look" ? 0 : Math.max(0, Math.min(1, asked.left_ms / 4000));
  const main = STEPS[asked.step] ?? "LOOK";
  const second = asked.attempt > 1 ? "ONCE_MORE" : "NO_PHOTO";
  return { name: "challenge", tone: "active", sign: asked.step, main, second, step: asked.step, share };
}

function numberPad(state) {
  const pad = state.number;
  const left = TIMES.number - (state.at - pad.key_at);
  const warn_s = !pad.sent && left <= TIMES.number_warn ? Math.max(1, Math.ceil(left / 1000)) : 0;
  const main = pad.second ? "TYPE_DIGITS" : "TYPE_NUMBER";
  return { ...plain("number", main, pad.second ? "OF_NUMBER" : null, "pad"), digits: pad.digits, sent: pad.sent, warn_s };
}

/** Whether the page may be loaded anew without anybody noticing: nobody stands there and nothing is
 * told; because the box has other files for it (`changed`), or once in the quiet hour of a night. */
export function reloads(state, loaded_at, hour, changed) {
  const alone = ["idle", "closed", "maintenance", "camera_gone"].includes(screen(state).name);
  const busy = state.faces > 0 || state.at - state.face_at < TIMES.nobody || state.language !== state.home;
  const old = hour === QUIET_HOUR && state.at - loaded_at > 2 * 3600_000;
  return alone && !busy && (changed || old);
}

/** How long to wait before the next try to reach the box: 1, 2, 4 … 15 seconds. */
export function pause(tries) {
  return Math.min(15000, 1000 * 2 ** Math.min(tries, 4));
}

/** Sizes of the sentence and the second line in pixels of the page, so that a capital letter can
 * be read from where people stand: 0.7 degrees for a capital of 0.7 em (EN 301 549, 5.1.4). */
export function sizes(width, height, diagonal_inch, distance_cm) {
  const fits = Math.min(width * 0.082, height * 0.13);
  const small = Math.min(width, height) < 600; // a phone held in the hand
  if (!diagonal_inch || !distance_cm) {
    const main = small ? fits : Math.max(105, fits);
    return { main: Math.round(main), second: Math.round(main * 0.58) };
  }
  const pixels_a_mm = Math.hypot(width, height) / (diagonal_inch * 25.4);
  const capital_mm = distance_cm * 10 * Math.tan((0.7 * Math.PI) / 180);
  const main = Math.max(105, (capital_mm * pixels_a_mm) / 0.7);
  const wanted = small ? Math.min(main, fits) : main;
  return { main: Math.round(wanted), second: Math.round(Math.max(small ? 0 : 60, wanted * 0.58)) };
}

/** Side of what is touched and the room between, in pixels of the page: 20 mm and 4 mm on a screen
 * whose diagonal is known; on a phone in the hand what fits four times beside each other. */
export function touch(width, height, diagonal_inch) {
  const least = Math.min(width, height);
  if (least < 600) return { side: Math.max(44, Math.min(76, Math.round((width - 100) / 4))), gap: 8 };
  if (!diagonal_inch) return { side: Math.max(76, Math.round(least * 0.11)), gap: 16 };
  const pixels_a_mm = Math.hypot(width, height) / (diagonal_inch * 25.4);
  return { side: Math.max(60, Math.ceil(20 * pixels_a_mm)), gap: Math.max(12, Math.ceil(4 * pixels_a_mm)) };
}
