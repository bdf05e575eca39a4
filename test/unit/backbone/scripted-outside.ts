import type { Outside } from '../../../functions/backbone/outside.ts';
import { NoAnswer } from '../../../functions/backbone/stand-in.ts';
import type { ErrandCall, ErrandOutcome } from './errand-aggregate.ts';

/** What happens to a call. */
export type CallScript =
  | 'undisturbed'
  | 'fails before it takes effect'
  | 'takes effect, and its answer is lost'
  /** It takes effect, and before its answer arrives somebody acts. */
  | (() => Promise<unknown>);

/** Somebody outside who runs each errand once, tells what was asked of them, and lets a test disturb the next calls. */
export class ScriptedOutside implements Outside<ErrandCall, ErrandOutcome> {
  readonly calls: string[] = [];
  readonly keysKeptMs: number = 24 * 3600_000;
  readonly #run = new Map<string, string>();
  readonly #scripts: CallScript[] = [];

  /** How many errands were really run. */
  get run(): number {
    return this.#run.size;
  }

  /** One script for each of the next calls; all later ones are undisturbed. */
  nextCalls(...scripts: readonly CallScript[]): void {
    this.#scripts.push(...scripts);
  }

  async perform({ key }: ErrandCall): Promise<ErrandOutcome> {
    this.calls.push(`perform ${key}`);
    const script = this.#scripts.shift() ?? 'undisturbed';
    if (script === 'fails before it takes effect') throw new NoAnswer('not done');
    const receipt = this.#run.get(key) ?? `receipt-${this.#run.size + 1}`;
    this.#run.set(key, receipt);
    if (script === 'takes effect, and its answer is lost') throw new NoAnswer('done, but nobody was told');
    if (typeof script === 'function') await script();
    return { type: 'ErrandRun', data: { receipt } };
  }

  ask({ key }: ErrandCall): Promise<ErrandOutcome> {
    this.calls.push(`ask ${key}`);
    const receipt = this.#run.get(key);
    const outcome: ErrandOutcome =
      receipt === undefined ? { type: 'ErrandNotFound', data: null } : { type: 'ErrandRun', data: { receipt } };
    return Promise.resolve(outcome);
  }
}
