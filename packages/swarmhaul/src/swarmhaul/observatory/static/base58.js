// Bytes as wallets of this field write them: base58, with a 1 for each zero byte in front.
const LETTERS = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

export function encode58(bytes) {
  let number = bytes.reduce((told, byte) => told * 256n + BigInt(byte), 0n);
  let text = "";
  for (; number; number /= 58n) text = LETTERS[Number(number % 58n)] + text;
  const zeros = bytes.findIndex((byte) => byte !== 0);
  return LETTERS[0].repeat(zeros < 0 ? bytes.length : zeros) + text;
}

export function decode58(text, length) {
  let number = 0n;
  for (const letter of text) {
    const value = LETTERS.indexOf(letter);
    if (value < 0) throw new TypeError("no base58");
    number = number * 58n + BigInt(value);
  }
  const bytes = new Uint8Array(length);
  for (let place = length - 1; place >= 0; place -= 1, number >>= 8n) bytes[place] = Number(number & 255n);
  if (number) throw new TypeError("too long");
  return bytes;
}
