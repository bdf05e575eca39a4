import {
  type Aggregate,
  commit,
  commitIfEnough,
  notYet,
  type Snapshots,
  skip,
} from '../../../functions/backbone/aggregate.ts';
import type { Fact, FactsOf, FactType, Validator } from '../../../functions/backbone/fact.ts';

/** A toy: a jar that coins are put into, until it is sealed, or broken. */
export interface Jar {
  readonly coins: readonly number[];
  readonly sealed: boolean;
  readonly broken: boolean;
}

/** Below 0 the decider throws; above 999 the fact that follows does not fit its schema; 0 is refused politely. */
export type CoinDropped = Fact<'CoinDropped', { readonly amount: number }>;
/** Takes its coin from the counter `purse`, field `coins`, if there is one. */
export type CoinTaken = Fact<'CoinTaken', { readonly amount: number }>;
export type JarSealed = Fact<'JarSealed', null>;
export type JarBroken = Fact<'JarBroken', null>;
/** Comes too early as long as the jar is not sealed. */
export type SealDue = Fact<'SealDue', null>;
export type JarInput = CoinDropped | CoinTaken | JarSealed | JarBroken | SealDue;

const acceptsCoin = ((data): data is { readonly amount: number } => {
  return typeof data === 'object' && data !== null && 'amount' in data && Number(data.amount) <= 999;
}) as Validator<{ readonly amount: number }>;

export const CoinKept: FactType<'CoinKept', { readonly amount: number }> = {
  type: 'CoinKept',
  source: 'toy.jars',
  schemaVersion: 3,
  accepts: acceptsCoin,
};

const publishes = { CoinKept };

type OwnFact = Fact<'SealNoted' | 'PurseFoundEmpty' | 'BreakNoted', null>;
export type JarFact = FactsOf<typeof publishes> | OwnFact;

export const jar: Aggregate<Jar, JarInput, typeof publishes, OwnFact> = {
  name: 'jar',
  initialState: { coins: [], sealed: false, broken: false },
  evolve(state, fact) {
    switch (fact.type) {
      case 'CoinKept':
        return { ...state, coins: [...state.coins, fact.data.amount] };
      case 'SealNoted':
        return { ...state, sealed: true };
      case 'BreakNoted':
        return { ...state, broken: true };
      case 'PurseFoundEmpty':
        return state;
    }
  },
  decide(state, input) {
    // What is broken stays so: nothing can ever matter.
    if (state.broken) return skip();
    switch (input.type) {
      case 'JarBroken':
        return commit([{ type: 'BreakNoted', data: null }]);
      case 'JarSealed':
        return commit(state.sealed ? [] : [{ type: 'SealNoted', data: null }]);
      case 'SealDue':
        return state.sealed ? commit([]) : notYet('the jar is not sealed');
      case 'CoinDropped': {
        const { amount } = input.data;
        if (amount < 0) throw new RangeError(`a coin of ${amount}`);
        return commit(state.sealed || amount === 0 ? [] : [{ type: 'CoinKept', data: { amount } }]);
      }
      case 'CoinTaken': {
        if (state.sealed) return commit([]);
        const atLeast = { field: 'coins', amount: 1 };
        return commitIfEnough<JarFact>(
          [{ type: 'CoinKept', data: { amount: input.data.amount } }],
          [{ counter: 'purse', add: { coins: -1 }, atLeast }],
          () => [{ type: 'PurseFoundEmpty', data: null }],
        );
      }
    }
  },
  publishes,
  snapshots: { every: 1_000, rememberCauses: 1_000, stateVersion: 1 },
};

/** A jar with snapshots close enough together for a test. */
export function jarWithSnapshots(snapshots: Partial<Snapshots>): typeof jar {
  return { ...jar, snapshots: { every: 3, rememberCauses: 2, stateVersion: 1, ...snapshots } };
}

export const coin = (amount: number): CoinDropped => ({ type: 'CoinDropped', data: { amount } });
export const coinFromPurse = (amount: number): CoinTaken => ({ type: 'CoinTaken', data: { amount } });
export const seal: JarSealed = { type: 'JarSealed', data: null };
export const sealDue: SealDue = { type: 'SealDue', data: null };
export const breakage: JarBroken = { type: 'JarBroken', data: null };
