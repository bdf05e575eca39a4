import { randomFrom } from './random.ts';

/** Something that could happen now. */
export interface Option {
  /** Since when it could. */
  readonly atMs: number;
  /** Its place among all that ever could. */
  readonly order: number;
  /** Who would do it: an environment, or what feeds one. */
  readonly who: string;
  /** What: `store.append`, `deliver`. */
  readonly what: string;
  /** About what: a stream, an item, an event. */
  readonly about: string;
}

/**
 * What is to be chosen.
 * - `step`: which of these happens next, the one that could for longest first
 * - `message`: which of a queue's messages comes first, oldest first
 * - `batch`: how many come together: all that fit, or only 1, 2, …
 * - `environment`: which idle environment takes them, or, last, a new one
 */
export type ChoicePoint =
  | { readonly kind: 'step'; readonly options: readonly Option[] }
  | { readonly kind: 'message' | 'batch' | 'environment'; readonly who: string };

/** Decides all that is left open. A run follows from its world, its events, its faults and its choices. */
export interface Choices {
  /**
   * Answers a whole number from 0 to below `count`, 2 or more. 0 is the plain course of things.
   */
  readonly pick: (count: number, point: ChoicePoint) => number;
}

/** The plain course of things: whatever could happen for longest happens next. */
export const inOrder: Choices = { pick: () => 0 };

/** Whatever comes: each possibility is as likely as the others. */
export function atRandom(seed: string | number): Choices {
  const random = randomFrom(`choices ${seed}`);
  return { pick: (count) => random.below(count) };
}

/**
 * What was chosen in another run, as its `picks` tell; then the plain course of things. A pick that there is no longer
 * (another plan of faults, a shorter list) becomes the last that there is.
 */
export function recorded(picks: readonly number[]): Choices {
  let at = 0;
  return { pick: (count) => Math.min(picks[at++] ?? 0, count - 1) };
}
