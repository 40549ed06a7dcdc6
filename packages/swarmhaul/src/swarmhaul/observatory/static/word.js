// The word of whoever should have received a load: that it is there, or that it is not. It is signed
// here; the key stays in this page and is gone with it.
import { encode58 } from "./base58.js";
import { confirmation, dispute, enveloped, isAboutThis, sha256 } from "./envelope.js";
import { KeyUnfit, canSign, keyOf } from "./keys.js";

const LIVES_SECONDS = 600;
const NONCE_BYTES = 24;
const ANSWER_MS = 30_000;

class Declined extends Error {}

let key = null;
const form = () => document.getElementById("word-form");
const say = (words) => {
  document.getElementById("word-said").textContent = words;
};
const base64 = (bytes) => btoa(String.fromCharCode(...bytes));
const bytesOf = (text) => Uint8Array.from(atob(text), (one) => one.charCodeAt(0));

function enable(isReady) {
  for (const one of document.querySelectorAll("[data-word]")) one.disabled = !isReady;
}

async function ready() {
  if (!form()) return;
  if (!(await canSign())) {
    say("This browser cannot sign here: it needs Ed25519 (Chrome 137, Firefox 129, Safari 17 or newer) and an address with https. Sign with your own tools instead; docs/developers/algorithms/signing.md says how.");
    return;
  }
  form().hidden = false;
  enable(isRightKey());
}

const isRightKey = () => key !== null && encode58(key.raw) === form()?.dataset.receiver;

async function takeKey(file) {
  key = null;
  try {
    key = await keyOf(await file.text());
    say(isRightKey() ? "This is the key whose word is waited for." : `This key is ${encode58(key.raw)}, and another one's word is waited for.`);
  } catch (error) {
    if (!(error instanceof KeyUnfit)) throw error;
    say(error.message);
  }
  enable(isRightKey());
}

async function ask(path, options) {
  const answer = await fetch(path, { cache: "no-store", signal: AbortSignal.timeout(ANSWER_MS), ...options });
  const told = await answer.json();
  if (!answer.ok) throw new Declined(told.error);
  return told;
}

async function give(command) {
  const { shipper, job } = form().dataset;
  const envelope = enveloped({
    command,
    signer: key.raw,
    expiresAt: Math.floor(Date.now() / 1_000) + LIVES_SECONDS,
    nonce: crypto.getRandomValues(new Uint8Array(NONCE_BYTES)),
    shipper,
    job,
  });
  const told = base64(envelope.bytes);
  const asked = await ask(`/api/rail/message?envelope=${encodeURIComponent(told)}`);
  const message = bytesOf(asked.message);
  if (!(await isAboutThis(message, envelope))) throw new Declined("The rail asks for a signature under something else than this. Nothing was signed.");
  const signature = encode58(await key.sign(message));
  return ask("/api/rail/commands", { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ envelope: told, signature }) });
}

async function commandOf(word) {
  const leg = Number(form().dataset.leg);
  if (word === "confirm") return confirmation({ leg, courier: form().dataset.courier });
  const reason = new TextEncoder().encode(document.getElementById("field-reason").value);
  return dispute({ leg, reason: await sha256(reason) });
}

async function press(word) {
  enable(false);
  say("Signing…");
  try {
    const entry = await give(await commandOf(word));
    say(`${word === "confirm" ? "Confirmed and paid" : "Disputed; the arbiter rules"}: entry ${entry.seq} of the rail.`);
  } catch (error) {
    say(error instanceof Declined ? error.message : "The market cannot be reached just now. Nothing was lost: try again.");
    enable(isRightKey());
  }
}

document.addEventListener("change", (event) => {
  if (event.target.id === "field-key" && event.target.files.length) takeKey(event.target.files[0]);
});
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-word]");
  if (button) press(button.dataset.word);
});
document.addEventListener("market:shown", ready);
ready();
