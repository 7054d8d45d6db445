// The five sounds of the screen: at most 0.4 s, different in rhythm and not only in pitch, so that
// they can be told apart in a noisy hall and by who hears no high notes. Made here, no files.

/** Notes of each sound: [begins at s, lasts s, hertz, loudness 0 to 1]. */
export const SOUNDS = {
  read: [[0, 0.06, 1200, 0.5]],
  admitted: [[0, 0.12, 660, 0.8], [0.15, 0.22, 990, 0.8]],
  attention: [[0, 0.1, 587, 0.6], [0.26, 0.1, 587, 0.6]],
  refused: [[0, 0.36, 220, 0.8]],
  exit: [[0, 0.1, 880, 0.7], [0.12, 0.1, 660, 0.7], [0.24, 0.14, 494, 0.7]],
};

/** How loud at this hour of the day: quieter early and late. */
export function loudness(hour) {
  return hour < 6 || hour >= 21 ? 0.35 : 1;
}

let context = null;

/** Plays a sound, if the browser lets the page make any. */
export function play(name, hour) {
  const notes = SOUNDS[name];
  const Context = globalThis.AudioContext ?? globalThis.webkitAudioContext;
  if (!notes || !Context) return;
  context ??= new Context();
  if (context.state === "suspended") context.resume().catch(() => {});
  const begin = context.currentTime + 0.01;
  for (const [at, lasts, hertz, loud] of notes) {
    const tone = context.createOscillator();
    const gain = context.createGain();
    tone.type = "triangle";
    tone.frequency.value = hertz;
    const level = 0.25 * loud * loudness(hour);
    gain.gain.setValueAtTime(0, begin + at);
    gain.gain.linearRampToValueAtTime(level, begin + at + 0.012);
    gain.gain.setValueAtTime(level, begin + at + lasts - 0.03);
    gain.gain.linearRampToValueAtTime(0, begin + at + lasts);
    tone.connect(gain).connect(context.destination);
    tone.start(begin + at);
    tone.stop(begin + at + lasts + 0.02);
  }
}
