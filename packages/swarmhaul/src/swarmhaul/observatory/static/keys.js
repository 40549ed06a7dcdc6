// A key of Ed25519 out of its 32 secret bytes: the browser keeps it where no script can read it.
import { joined } from "./envelope.js";

// PKCS #8 (RFC 8410) around the secret: nothing in front of it varies.
const HEAD = Uint8Array.of(0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20);

export class KeyUnfit extends Error {}

/** Whether this browser can sign at all: not over plain http, and not before 2023 to 2025. */
export async function canSign() {
  if (!globalThis.crypto?.subtle) return false;
  try {
    await crypto.subtle.generateKey("Ed25519", false, ["sign", "verify"]);
    return true;
  } catch {
    return false;
  }
}

/** From the text of a key file. The secret itself is gone when this returns. */
export async function keyOf(text) {
  const hex = text.trim();
  if (!/^[0-9a-fA-F]{64}$/.test(hex)) throw new KeyUnfit("This file holds no key: 64 hexadecimal digits are expected.");
  const wrapped = joined(HEAD, Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16)));
  // Once so that the public half can be seen, and then so that nobody can take it out again.
  const open = await crypto.subtle.importKey("pkcs8", wrapped, "Ed25519", true, ["sign"]);
  const { x } = await crypto.subtle.exportKey("jwk", open);
  const secret = await crypto.subtle.importKey("pkcs8", wrapped, "Ed25519", false, ["sign"]);
  wrapped.fill(0);
  const raw = Uint8Array.from(atob(x.replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0));
  return { raw, sign: async (bytes) => new Uint8Array(await crypto.subtle.sign("Ed25519", secret, bytes)) };
}
