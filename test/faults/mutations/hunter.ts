import { parentPort } from 'node:worker_threads';
import type { Kind } from '../campaign.ts';
import { type Finding, hunt } from './hunt.ts';

/** What a hunter says: what it is at, and in the end what it found. */
export type Word =
  | { readonly kind: 'hunting'; readonly by: Kind; readonly schedules: number }
  | { readonly kind: 'done'; readonly finding: Finding };

/** A thread that hunts in the copy that it lies in. */
function say(word: Word): void {
  parentPort?.postMessage(word);
}

say({ kind: 'done', finding: await hunt((by, schedules) => say({ kind: 'hunting', by, schedules })) });
