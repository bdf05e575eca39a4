import type { Mutant } from './report.ts';

/** A mutant that no test can notice, or none should. */
export interface Explained extends Mutant {
  readonly why: string;
}

export const SURVIVORS: readonly Explained[] = [];
