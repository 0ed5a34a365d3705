/** The four cues of the scanner; each also has a colour, a shape and words on the screen. */
export type Cue = "done" | "again" | "help" | "finished";

type Note = { hertz: number; from: number; seconds: number; gain: number };

const cues: Record<Cue, Note[]> = {
  done: [
    { hertz: 660, from: 0, seconds: 0.09, gain: 0.25 },
    { hertz: 880, from: 0.09, seconds: 0.09, gain: 0.25 },
  ],
  again: [{ hertz: 180, from: 0, seconds: 0.07, gain: 0.18 }],
  help: [
    { hertz: 392, from: 0, seconds: 0.16, gain: 0.22 },
    { hertz: 262, from: 0.16, seconds: 0.16, gain: 0.22 },
  ],
  finished: [
    { hertz: 523.25, from: 0, seconds: 0.5, gain: 0.2 },
    { hertz: 659.25, from: 0.4, seconds: 0.6, gain: 0.2 },
    { hertz: 783.99, from: 0.8, seconds: 1.2, gain: 0.2 },
  ],
};

let context: AudioContext | undefined;

let quiet = false;

/** Silences the cues on this device, or lets them sound again. */
export function hush(silent: boolean): void {
  quiet = silent;
}

/** Plays a cue. Browsers allow sound once a key was pressed, which every scan does; before that it stays silent. */
export function play(cue: Cue): void {
  if (quiet || typeof AudioContext === "undefined") return;
  context ??= new AudioContext();
  void context.resume();
  for (const note of cues[cue]) sing(context, note);
}

function sing(audio: AudioContext, note: Note): void {
  const start = audio.currentTime + note.from;
  const end = start + note.seconds;
  const tone = new OscillatorNode(audio, { frequency: note.hertz });
  const gain = new GainNode(audio, { gain: 0 });
  gain.gain.setValueAtTime(note.gain, start);
  // Fading out keeps the end of a sine from clicking.
  gain.gain.exponentialRampToValueAtTime(0.001, end);
  tone.connect(gain).connect(audio.destination);
  tone.start(start);
  tone.stop(end);
}
