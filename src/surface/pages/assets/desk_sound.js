// Five short sounds, told apart by their rhythm and not only by their pitch; and a shake of the
// phone where there is one. Each is over within 0.4 s.

// Notes as [frequency in Hz, start in ms, length in ms].
const SOUNDS = {
  read: [[880, 0, 40]],
  admitted: [[660, 0, 90], [990, 110, 160]],
  attention: [[550, 0, 80], [550, 140, 80], [550, 280, 80]],
  refused: [[220, 0, 350]],
  exit: [[880, 0, 90], [587, 110, 160]],
};
const SHAKES = { admitted: [40], exit: [40], attention: [60, 60, 60], refused: [250] };

let context = null;

/** Plays a sound; silent until the page was touched once, as browsers demand. */
export function play(name) {
  navigator.vibrate?.(SHAKES[name] ?? []);
  const notes = SOUNDS[name];
  const Context = globalThis.AudioContext;
  if (!notes || !Context) return;
  context ??= new Context();
  if (context.state === "suspended") context.resume().catch(() => {});
  for (const [frequency, start_ms, length_ms] of notes) {
    const from = context.currentTime + start_ms / 1000;
    const until = from + length_ms / 1000;
    const tone = context.createOscillator();
    const volume = context.createGain();
    tone.frequency.value = frequency;
    volume.gain.setValueAtTime(0.25, from);
    volume.gain.exponentialRampToValueAtTime(0.001, until);
    tone.connect(volume).connect(context.destination);
    tone.start(from);
    tone.stop(until);
  }
}
