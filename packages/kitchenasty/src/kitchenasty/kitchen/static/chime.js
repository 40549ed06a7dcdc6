// Two notes for a new ticket, made on the spot. Browsers want one tap before the first sound, so
// what is wanted and what can be heard are two things, and the board shows the second.

const NOTES_HZ = [880, 1174.66];
const KEPT = "kitchen sound";
let audio = null;
let isWanted = true;

/** onState("on" | "off"): told now and whenever it changes. Any tap lets a wanted sound out. */
export function open(onState) {
  isWanted = localStorage.getItem(KEPT) !== "off";
  audio = new AudioContext();
  const tell = () => onState(isWanted && audio.state === "running" ? "on" : "off");
  audio.addEventListener("statechange", tell);
  // Not at the first touch: a press that lasts would find the sound on when the button is let go,
  // and turn it off.
  for (const name of ["click", "keyup"]) document.addEventListener(name, () => isWanted && audio.resume());
  tell();
}

export async function turnOn() {
  isWanted = true;
  localStorage.setItem(KEPT, "on");
  await audio.resume();
  ring();
}

export async function turnOff() {
  isWanted = false;
  localStorage.setItem(KEPT, "off");
  await audio.suspend();
}

export function ring() {
  if (audio?.state !== "running") return;
  NOTES_HZ.forEach((hertz, place) => {
    const at = audio.currentTime + place * 0.18;
    const tone = new OscillatorNode(audio, { type: "triangle", frequency: hertz });
    const volume = new GainNode(audio, { gain: 0 });
    volume.gain.linearRampToValueAtTime(0.5, at + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.001, at + 0.4);
    tone.connect(volume).connect(audio.destination);
    tone.start(at);
    tone.stop(at + 0.45);
  });
}
