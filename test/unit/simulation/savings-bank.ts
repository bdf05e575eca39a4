import type { FactType, Validator } from '../../../functions/backbone/fact.ts';
import { NO_OUTSIDE } from '../../../functions/backbone/outside.ts';
import { reactor } from '../../../functions/backbone/reactor.ts';
import type { ItemChange } from '../../../functions/backbone/relay-function.ts';
import { streams } from '../../../functions/backbone/stream-reactor.ts';
import { subscription } from '../../../functions/backbone/subscription.ts';
import { type Site, World, type WorldOptions } from '../../simulation/world.ts';
import { CoinKept, jar } from '../backbone/jar-aggregate.ts';

interface Coin {
  readonly jar: string;
  readonly amount: number;
}

function coinFact<Type extends string>(type: Type): FactType<Type, Coin> {
  return {
    type,
    source: 'toy.street',
    schemaVersion: 1,
    accepts: ((data): data is Coin => typeof data === 'object' && data !== null && 'jar' in data) as Validator<Coin>,
  };
}

/** A coin for a jar; one of 0 is noted, and no fact follows that anybody is told of. */
export const CoinDropped = coinFact('CoinDropped');
/** A coin for a jar, from the counter `purse`. */
export const CoinTaken = coinFact('CoinTaken');

const coins = subscription('coins', { CoinDropped, CoinTaken });
const ledger = subscription('ledger', { CoinKept });

/** A toy: jars that keep coins and tell of it, and a ledger in which each fact stands as often as it came. */
export function savingsBank({ shards = 2, source = CoinKept.source } = {}) {
  return ({ eventStore, consumer }: Site) => {
    const emptied: ItemChange[] = [];
    const entries: string[] = [];
    const store = eventStore({
      context: 'jars',
      source,
      shards,
      relayAlso: [{ eventName: ['MODIFY'], dynamodb: { NewImage: { coins: { N: ['0'] } } } }],
      derive: (change) => {
        emptied.push(change);
        return [];
      },
    });
    consumer({
      subscription: coins,
      start: (on) => {
        const stream = streams(jar, NO_OUTSIDE, on.reactorPorts(store));
        const ofJar = { to: stream, id: ({ jar }: Coin) => jar };
        return reactor(coins, { CoinDropped: ofJar, CoinTaken: ofJar });
      },
    });
    consumer({
      subscription: ledger,
      start: () => ({
        subscription: ledger,
        handle: (events) =>
          events.map(({ metadata: { subject, sequence } }) => {
            entries.push(`${subject}/${sequence}`);
            return Promise.resolve();
          }),
      }),
    });
    return { store, entries, emptied };
  };
}

export type Bank = ReturnType<ReturnType<typeof savingsBank>>;

/** A bank to which these coins are brought, one a second. */
export function bankWith(
  dropped: readonly (readonly [jar: string, amount: number])[],
  { shards = 1, ...options }: WorldOptions & { readonly shards?: number } = {},
): World<Bank> {
  const world = new World(savingsBank({ shards }), { stepMs: 0, ...options });
  for (const [second, [jar, amount]] of dropped.entries())
    world.send(CoinDropped, { jar, amount }, { inSeconds: second });
  return world;
}
