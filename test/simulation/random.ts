import { hashOf } from './hash.ts';

/** Numbers that look random, and are the same for the same seed. */
export interface Random {
  /** From 0 to below 1. */
  next(): number;
  /** A whole number from 0 to below `bound`. */
  below(bound: number): number;
}

/**
 * A generator from a seed. Any text or number is as good a seed as any other.
 *
 * Source: sfc32 of PractRand by Chris Doty-Humphrey, public domain, https://pracrand.sourceforge.net
 */
export function randomFrom(seed: string | number): Random {
  const text = String(seed);
  let [a, b, c, counter] = [hashOf(text, 0) >>> 0, hashOf(text, 1) >>> 0, hashOf(text, 2) >>> 0, 1];
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 4_294_967_296;
  };
  // The first few still show the seed.
  for (let n = 0; n < 12; n += 1) next();
  return { next, below: (bound) => Math.floor(next() * bound) };
}
