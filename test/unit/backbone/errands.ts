import type { EventStore } from '../../../functions/backbone/event-store.ts';
import { streams } from '../../../functions/backbone/stream-reactor.ts';
import { ManualClock } from '../../manual-clock.ts';
import { type ErrandInput, errand } from './errand-aggregate.ts';
import { numberedIds } from './numbered-ids.ts';
import { received } from './received.ts';
import { ScriptedEventStore } from './scripted-event-store.ts';
import { ScriptedOutside } from './scripted-outside.ts';

/** The function's time-out, as its construct would tell it. */
export const TIMEOUT_MS = 30_000;

/** Function instances that react with errands, on one store, one outside world and one clock. */
export class Errands {
  readonly store = new ScriptedEventStore();
  readonly outside = new ScriptedOutside();
  readonly clock = new ManualClock();
  readonly #ids = numberedIds();
  readonly #aggregate: typeof errand;

  constructor(aggregate = errand) {
    this.#aggregate = aggregate;
  }

  /** Lets a cold instance react to events, told by their ids; answers for each `done`, or the error's name and message. */
  async react(
    events: Readonly<Record<string, ErrandInput>>,
    { store = this.store, opens = false }: { readonly store?: EventStore; readonly opens?: boolean } = {},
  ): Promise<string[]> {
    return await this.instance({ store, opens })(events);
  }

  /** An instance of the function, warm from its first event on. */
  instance({ store = this.store, opens = false }: { readonly store?: EventStore; readonly opens?: boolean } = {}) {
    const reactor = streams(this.#aggregate, this.outside, {
      store,
      clock: this.clock,
      ids: this.#ids,
      functionTimeoutMs: TIMEOUT_MS,
    });
    return async (events: Readonly<Record<string, ErrandInput>>): Promise<string[]> => {
      const batch = Object.entries(events).map(([id, event]) => received(id, event));
      const settled = await Promise.allSettled(reactor.react('1', 'errands', batch, opens));
      return settled.map((one) => (one.status === 'fulfilled' ? 'done' : String(one.reason)));
    };
  }

  /** Another instance that reacts behind the back of the scripted store. */
  rival(events: Readonly<Record<string, ErrandInput>>): () => Promise<unknown> {
    return () => this.react(events, { store: this.store.inner });
  }

  /** The stream's facts, one text a commit. */
  get told(): readonly string[] {
    return this.store.told('errand#1');
  }

  /** The ids of the events that caused the stream's commits. */
  get causes(): readonly (readonly string[])[] {
    return this.store.causes('errand#1');
  }

  /** Everything that the stream's facts say. */
  get data(): readonly unknown[] {
    return this.store.inner.commits('errand#1').flatMap(({ facts }) => facts.map(({ data }) => data));
  }
}
