// The key of one intent: the form of all ids of the box, made here so that it exists before
// the first attempt to send. 48 bits of time, 80 of chance, Crockford's base 32.

const LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** A nonce from the time in milliseconds since 1970 and ten random bytes. */
export function nonce(now_ms, random) {
  let value = BigInt(Math.max(0, Math.trunc(now_ms))) & 0xffffffffffffn;
  for (const byte of random.subarray(0, 10)) value = (value << 8n) | BigInt(byte);
  let text = "";
  for (let i = 0; i < 26; i += 1) {
    text = LETTERS[Number(value & 31n)] + text;
    value >>= 5n;
  }
  return text;
}

/** A ticket code of the same letters for a walk-in: a hundred bits of chance. */
export function ticketCode(random) {
  return Array.from(random.subarray(0, 20), (byte) => LETTERS[byte % 32]).join("");
}
