import { expect, test } from 'vitest';
import {
  ask,
  call,
  commit,
  commitIfEnough,
  type Decision,
  factsOf,
  notYet,
  skip,
} from '../../../functions/backbone/aggregate.ts';
import type { ErrandCall, ErrandFact } from './errand-aggregate.ts';

const noted: ErrandFact = { type: 'HurryNoted', data: null };
const undone: ErrandFact = { type: 'ErrandUndone', data: null };
const intent: ErrandFact = { type: 'ErrandAttempted', data: { round: 1, atMs: 0 } };
const key = { key: 'errand/1' };

test.each<[string, Decision<ErrandFact, ErrandCall>, readonly ErrandFact[]]>([
  ['a commit: its facts, in their order', commit([noted, undone]), [noted, undone]],
  ['a commit on a condition: what follows if it holds', commitIfEnough([noted], [], () => [undone]), [noted]],
  [
    'a call: what was learned, and the intent last',
    call<ErrandFact, ErrandCall>(key, { learned: [noted], intent }),
    [noted, intent],
  ],
  ['a question: what was learned', ask(key, { learned: [noted], lastAttemptMs: 0 }), [noted]],
  ['a skip: nothing', skip(), []],
  ['what comes too early: nothing', notYet('it rains'), []],
])('%s', (_, decision, facts) => {
  expect(factsOf(decision)).toEqual(facts);
});
