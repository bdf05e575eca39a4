import type { Received } from '../../../functions/backbone/envelope.ts';
import { NO_OUTSIDE } from '../../../functions/backbone/outside.ts';
import { streams } from '../../../functions/backbone/stream-reactor.ts';
import { ManualClock } from '../../manual-clock.ts';
import { type JarInput, jar } from './jar-aggregate.ts';
import { numberedIds } from './numbered-ids.ts';
import { ScriptedEventStore } from './scripted-event-store.ts';

/** Function instances that react with jars, on one store and one clock. */
export class Jars {
  readonly store = new ScriptedEventStore();
  readonly clock = new ManualClock();
  /** What was observed beside the commits. */
  readonly observed: string[] = [];
  readonly #ids = numberedIds();
  readonly #aggregate: typeof jar;

  constructor(aggregate = jar) {
    this.#aggregate = aggregate;
  }

  /**
   * A cold instance of the function: it remembers nothing.
   *
   * @param store this one's own way to the store, for rivals that no script shall disturb
   */
  instance(store: Pick<ScriptedEventStore, 'load' | 'append' | 'causesUpTo'> = this.store): Instance {
    const reactor = streams(this.#aggregate, NO_OUTSIDE, {
      store,
      clock: this.clock,
      ids: this.#ids,
      functionTimeoutMs: 30_000,
      observe: (what) => this.observed.push(what),
    });
    return {
      react: (events, { opens = false, subscription = 'coins' } = {}) =>
        Promise.allSettled(reactor.react('1', subscription, events, opens)).then((all) => all.map(inWords)),
    };
  }

  /** Another instance that reacts behind the back of the scripted store. */
  rival(...events: readonly Received<JarInput>[]): () => Promise<unknown> {
    return () => this.instance(this.store.inner).react(events);
  }

  /** Puts a jar of these coins, each an event of its own, `old-1`, `old-2` and so on. */
  async filledWith(...coins: readonly Received<JarInput>[]): Promise<void> {
    for (const event of coins) await this.rival(event)();
  }
}

export interface Instance {
  /** Lets the jar react; answers for each event `done`, or the error's name and message. */
  react(
    events: readonly Received<JarInput>[],
    how?: { readonly opens?: boolean; readonly subscription?: string },
  ): Promise<readonly string[]>;
}

function inWords(settled: PromiseSettledResult<void>): string {
  return settled.status === 'fulfilled' ? 'done' : String(settled.reason);
}
