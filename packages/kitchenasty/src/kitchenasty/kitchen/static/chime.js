// Two notes for a new ticket, made on the spot. Browsers want one tap before the first sound.

const NOTES_HZ = [880, 1174.66];
let audio = null;

export async function enable() {
  audio ??= new AudioContext();
  await audio.resume();
  ring();
}

export function ring() {
  if (!audio) return;
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
