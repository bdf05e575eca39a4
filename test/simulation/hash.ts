/**
 * A 53-bit hash of a text: spread well and fast, and no protection against anybody.
 *
 * Source: cyrb53 by bryc, public domain, https://github.com/bryc/code/blob/master/jshash/experimental/cyrb53.js
 */
export function hashOf(text: string, seed = 0): number {
  let h1 = 0xdeadbeef ^ seed;
  let h2 = 0x41c6ce57 ^ seed;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    h1 = Math.imul(h1 ^ code, 2_654_435_761);
    h2 = Math.imul(h2 ^ code, 1_597_334_677);
  }
  h1 = Math.imul(h1 ^ (h1 >>> 16), 2_246_822_507) ^ Math.imul(h2 ^ (h2 >>> 13), 3_266_489_909);
  h2 = Math.imul(h2 ^ (h2 >>> 16), 2_246_822_507) ^ Math.imul(h1 ^ (h1 >>> 13), 3_266_489_909);
  return 4_294_967_296 * (2_097_151 & h2) + (h1 >>> 0);
}

/**
 * The UUID of a text, always the same for the same: ids in a world say what they stand for, and not in which order they
 * were made, so that two schedules that come to the same end come to the same state. Version 8 is for such of one's own
 * making (RFC 9562).
 */
export function uuidOf(text: string): string {
  // Whole 32 bits at a time: V8 is slow at writing longer numbers in hexadecimal.
  const [a, b, c, d] = [1, 2, 3, 4].map((seed) => (hashOf(text, seed) >>> 0).toString(16).padStart(8, '0')) as Digits;
  return `${a}-${b.slice(0, 4)}-8${b.slice(5)}-a${c.slice(0, 3)}-${c.slice(4)}${d}`;
}

type Digits = [string, string, string, string];
