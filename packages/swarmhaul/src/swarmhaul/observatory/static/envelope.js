// The commands that people give from here, as bytes, and what a rail asks to be signed held to them:
// the same spelling as basis.escrow, and a test compares the two byte by byte.
import { decode58 } from "./base58.js";

const text = new TextEncoder();
const DOMAIN = text.encode("swarmhaul/settlement/1\0");
const LEDGER = text.encode("swarmhaul/ledger/1\0");
const LEDGER_FIGURES = 8 + 32;
const KEY = 32;
const CONFIRM = 5;
const DISPUTE = 7;
const SIGNERS = 2;

export function joined(...parts) {
  const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let place = 0;
  for (const part of parts) {
    all.set(part, place);
    place += part.length;
  }
  return all;
}

export const isSame = (one, other) => one.length === other.length && one.every((byte, place) => byte === other[place]);

export async function sha256(bytes) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

function seconds(instant) {
  const eight = new Uint8Array(8);
  new DataView(eight.buffer).setBigInt64(0, BigInt(instant), true);
  return eight;
}

function idOf(hex) {
  if (!/^[0-9a-f]{32}$/.test(hex)) throw new TypeError("no id of a job");
  return Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));
}

export const confirmation = ({ leg, courier }) => joined(Uint8Array.of(CONFIRM, leg), decode58(courier, KEY));
export const dispute = ({ leg, reason }) => joined(Uint8Array.of(DISPUTE, leg), reason);

/** Everything about a command: what it is, whose, until when, about which job. */
export function enveloped({ command, signer, expiresAt, nonce, shipper, job }) {
  const once = joined(seconds(expiresAt), nonce);
  const key = decode58(shipper, KEY);
  const id = idOf(job);
  return { command, signer, once, shipper: key, id, bytes: joined(DOMAIN, signer, once, key, id, command) };
}

/** Whether the rail asks for a signature under this command and nothing else. */
export async function isAboutThis(message, envelope) {
  if (isSame(message.slice(0, LEDGER.length), LEDGER)) {
    const rest = message.slice(LEDGER.length);
    return isSame(rest.slice(2 + rest[1] + LEDGER_FIGURES), envelope.bytes);
  }
  const call = readCall(message);
  if (!call || call.accounts.length < 2) return false;
  const program = await sha256(text.encode("swarmhaul settlement program, version 1"));
  return (
    call.signers.length === SIGNERS &&
    isSame(call.signers[1], envelope.signer) &&
    isSame(call.once, envelope.once) &&
    isSame(call.program, program) &&
    isSame(call.data, envelope.command) &&
    isSame(call.accounts[0], envelope.signer) &&
    (await isJobAddress(call.accounts[1], envelope, program))
  );
}

// The program looks for the first number off the curve; to recognise an address all can be tried.
async function isJobAddress(address, { shipper, id }, program) {
  const seeds = joined(text.encode("job"), shipper, id);
  const mark = text.encode("ProgramDerivedAddress");
  for (let bump = 255; bump >= 0; bump -= 1) {
    if (isSame(await sha256(joined(seeds, Uint8Array.of(bump), program, mark)), address)) return true;
  }
  return false;
}

/** A message of the chain that holds one call of one program; null for any other. */
function readCall(message) {
  let place = 0;
  const take = (length) => {
    if (place + length > message.length) throw new RangeError("too short");
    place += length;
    return message.slice(place - length, place);
  };
  const count = () => {
    const [low] = take(1);
    return low < 128 ? low : (low & 127) | (take(1)[0] << 7);
  };
  const keyAt = (keys, index) => {
    if (index >= keys.length) throw new RangeError("no such key");
    return keys[index];
  };
  try {
    const [signerCount] = take(3);
    const keys = Array.from({ length: count() }, () => take(KEY));
    const once = take(32);
    if (count() !== 1 || new Set(keys.map(String)).size !== keys.length) return null;
    const program = keyAt(keys, take(1)[0]);
    const accounts = [...take(count())].map((index) => keyAt(keys, index));
    const data = take(count());
    if (place !== message.length) return null;
    return { signers: keys.slice(0, signerCount), once, program, accounts, data };
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
