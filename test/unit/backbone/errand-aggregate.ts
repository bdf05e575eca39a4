import { type Aggregate, type Attempts, ask, call, commit } from '../../../functions/backbone/aggregate.ts';
import type { Fact, FactsOf, FactType, Validator } from '../../../functions/backbone/fact.ts';

/** A toy: an errand that somebody outside runs once, and that may be called off. */
export type Errand =
  | { readonly kind: 'idle'; readonly round: number; readonly calledOff: boolean }
  | ({ readonly kind: 'attempted'; readonly round: number; readonly calledOff: boolean } & Attempts)
  | { readonly kind: 'done'; readonly round: number; readonly calledOff: boolean };

export type ErrandAsked = Fact<'ErrandAsked', null>;
export type ErrandCalledOff = Fact<'ErrandCalledOff', null>;
/** Says nothing that changes the errand, but is to be remembered. */
export type ErrandHurried = Fact<'ErrandHurried', null>;
export type ErrandInput = ErrandAsked | ErrandCalledOff | ErrandHurried;
export type ErrandOutcome = Fact<'ErrandRun', { readonly receipt: string }> | Fact<'ErrandNotFound', null>;
export interface ErrandCall {
  readonly key: string;
}

const ErrandFinished: FactType<'ErrandFinished', { readonly receipt: string }> = {
  type: 'ErrandFinished',
  source: 'toy.errands',
  schemaVersion: 1,
  accepts: ((_data): _data is { readonly receipt: string } => true) as Validator<{ readonly receipt: string }>,
};

const publishes = { ErrandFinished };

type OwnFact =
  | Fact<'ErrandAttempted', { readonly round: number; readonly atMs: number }>
  | Fact<'ErrandLapsed' | 'CallingOffNoted' | 'HurryNoted' | 'ErrandUndone', null>;
export type ErrandFact = FactsOf<typeof publishes> | OwnFact;

export const errand: Aggregate<Errand, ErrandInput | ErrandOutcome, typeof publishes, OwnFact, ErrandCall> = {
  name: 'errand',
  initialState: { kind: 'idle', round: 0, calledOff: false },
  evolve(state, fact) {
    switch (fact.type) {
      case 'ErrandAttempted': {
        const { round, atMs } = fact.data;
        const firstMs = state.kind === 'attempted' && state.round === round ? state.firstMs : atMs;
        return { ...state, kind: 'attempted', round, firstMs, lastMs: atMs };
      }
      case 'ErrandFinished':
        return { kind: 'done', round: state.round, calledOff: state.calledOff };
      case 'ErrandLapsed':
        return { kind: 'idle', round: state.round, calledOff: state.calledOff };
      case 'CallingOffNoted':
        return { ...state, calledOff: true };
      case 'HurryNoted':
      case 'ErrandUndone':
        return state;
    }
  },
  decide(state, input, { nowMs }) {
    const learned = learn(state, input);
    const after = learned.reduce(errand.evolve, state);
    if (after.kind === 'done') {
      const undo: readonly ErrandFact[] =
        after.calledOff && learned.length > 0 ? [{ type: 'ErrandUndone', data: null }] : [];
      return commit([...learned, ...undo]);
    }
    const key = (round: number): ErrandCall => ({ key: `errand/${round}` });
    if (after.kind === 'attempted' && after.calledOff) {
      return ask(key(after.round), { learned, lastAttemptMs: after.lastMs });
    }
    if (after.calledOff) return commit(learned);
    const round = after.kind === 'attempted' ? after.round : after.round + 1;
    const intent: ErrandFact = { type: 'ErrandAttempted', data: { round, atMs: nowMs } };
    return call(key(round), { learned, intent, before: after.kind === 'attempted' ? after : undefined });
  },
  publishes,
  snapshots: { every: 1_000, rememberCauses: 1_000, stateVersion: 1 },
};

function learn(state: Errand, input: ErrandInput | ErrandOutcome): readonly ErrandFact[] {
  switch (input.type) {
    case 'ErrandAsked':
      return [];
    case 'ErrandHurried':
      return [{ type: 'HurryNoted', data: null }];
    case 'ErrandCalledOff':
      return state.calledOff ? [] : [{ type: 'CallingOffNoted', data: null }];
    case 'ErrandRun':
      // It has happened, whatever we had come to believe.
      return state.kind === 'done' ? [] : [{ type: 'ErrandFinished', data: input.data }];
    case 'ErrandNotFound':
      return state.kind === 'attempted' ? [{ type: 'ErrandLapsed', data: null }] : [];
  }
}

export const asked: ErrandAsked = { type: 'ErrandAsked', data: null };
export const calledOff: ErrandCalledOff = { type: 'ErrandCalledOff', data: null };
export const hurried: ErrandHurried = { type: 'ErrandHurried', data: null };
