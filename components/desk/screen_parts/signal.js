// Tells staff by ear or by hand that an interview has begun, where they chose that on this device.

/** @typedef {"off" | "sound" | "vibration"} Signal */

const SIGNAL_KEY = "rooms_desk_signal";
// Two tones that rise, in Hz; how long each is, in seconds; and how loud, of 1.
const TONES = [660, 880];
const TONE_SECONDS = 0.25;
const LOUDNESS = 0.3;

/** @type {AudioContext | undefined} */
let audio;

/** @returns {Signal} */
function chosenSignal() {
  try {
    const kept = localStorage.getItem(SIGNAL_KEY);
    return kept === "sound" || (kept === "vibration" && canVibrate()) ? kept : "off";
  } catch {
    // A browser may keep nothing.
    return "off";
  }
}

/** @param {Signal} signal */
function chooseSignal(signal) {
  try {
    localStorage.setItem(SIGNAL_KEY, signal);
  } catch {
    // Then it cannot be chosen, which the sheet shows.
  }
}

function canVibrate() {
  return "vibrate" in navigator;
}

/** A browser makes no sound before the page was touched: called at each touch, it allows the sounds that follow. */
async function allowSignal() {
  if (chosenSignal() !== "sound") return;
  audio ??= new AudioContext();
  if (audio.state !== "running") await audio.resume();
}

/** Whether the chosen signal waits for a touch of the page. */
function signalWaits() {
  const signal = chosenSignal();
  if (signal === "sound") return audio?.state !== "running";
  return signal === "vibration" && navigator.userActivation?.hasBeenActive === false;
}

function giveSignal() {
  const signal = chosenSignal();
  if (signal === "vibration") navigator.vibrate([200, 100, 200]);
  if (signal !== "sound" || audio?.state !== "running") return;
  for (const [place, hertz] of TONES.entries()) {
    const begin = audio.currentTime + place * TONE_SECONDS;
    const end = begin + TONE_SECONDS;
    const gain = new GainNode(audio, { gain: 0 });
    // Without a ramp it clicks.
    gain.gain.setValueAtTime(0, begin);
    gain.gain.linearRampToValueAtTime(LOUDNESS, begin + 0.02);
    gain.gain.linearRampToValueAtTime(0, end);
    const tone = new OscillatorNode(audio, { frequency: hertz });
    tone.connect(gain).connect(audio.destination);
    tone.start(begin);
    tone.stop(end);
  }
}
