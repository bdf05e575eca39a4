import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { OutsideCall } from '../../functions/backbone/aggregate.ts';
import type { Fact } from '../../functions/backbone/fact.ts';
import { KEY_MARGIN_MS, type Outside } from '../../functions/backbone/outside.ts';

/** Calls under a key, and what comes of them. */
export interface OutsideCalls<Call extends OutsideCall, Outcome extends Fact> {
  readonly done: { readonly call: (key: string) => Call; readonly outcome: Outcome['type'] };
  readonly refused: { readonly call: (key: string) => Call; readonly outcome: Outcome['type'] };
  /** The answer to a question about a call that was never made. */
  readonly notFound: Outcome['type'];
}

/** The references of a stand-in that do not always answer. */
export interface UnansweredCalls<Call extends OutsideCall> {
  /** Not answered twice, and then done. */
  readonly flaky: (key: string) => Call;
  /** Never answered. */
  readonly down: (key: string) => Call;
}

/**
 * What everybody outside must do who is called by a key. Keys are each test's own, so that many runs can share one
 * service.
 *
 * @param name of the implementation
 * @param create called once for each test
 */
export function outsideConformance<Call extends OutsideCall, Outcome extends Fact>(
  name: string,
  create: () => Outside<Call, Outcome>,
  calls: OutsideCalls<Call, Outcome>,
): void {
  describe(`${name} acts once for a key`, () => actingOnce(create, calls));
}

/** What a built-in stand-in must do beside that, so that failures can be tried out. */
export function standInConformance<Call extends OutsideCall, Outcome extends Fact>(
  name: string,
  create: () => Outside<Call, Outcome>,
  calls: OutsideCalls<Call, Outcome> & UnansweredCalls<Call>,
): void {
  outsideConformance(name, create, calls);
  describe(`${name} does not always answer`, () => notAnswering(create, calls));
}

const MANY = 10;

function actingOnce<Call extends OutsideCall, Outcome extends Fact>(
  create: () => Outside<Call, Outcome>,
  { done, refused, notFound }: OutsideCalls<Call, Outcome>,
): void {
  test('a call is done, and another is refused', async () => {
    const outside = create();

    expect(await outside.perform(done.call(randomUUID()))).toMatchObject({ type: done.outcome });
    expect(await outside.perform(refused.call(randomUUID()))).toMatchObject({ type: refused.outcome });
  });

  test('a repetition is answered with the first result', async () => {
    const outside = create();
    const call = done.call(randomUUID());

    const first = await outside.perform(call);

    expect(await outside.perform(call)).toStrictEqual(first);
    expect(await outside.perform(call)).toStrictEqual(first);
  });

  // What would come of the second call by itself is something else: so the answer shows that nothing was done for it.
  test.each([
    ['done, also to a call that would be refused', done, refused],
    ['refused, also to a call that would be done', refused, done],
  ])('it is answered with the first result when that was %s', async (_, one, other) => {
    const outside = create();
    const key = randomUUID();

    const first = await outside.perform(one.call(key));

    expect(first).toMatchObject({ type: one.outcome });
    expect(await outside.perform(other.call(key))).toStrictEqual(first);
  });

  test('of calls with one key at the same time one is acted upon, and all have its answer', async () => {
    const outside = create();
    const key = randomUUID();

    const calls = Array.from({ length: MANY }, (_, n) => (n % 2 === 0 ? done : refused).call(key));
    const answers = await Promise.all(calls.map((call) => outside.perform(call)));

    const known = await outside.ask(done.call(key));
    expect(answers).toStrictEqual(answers.map(() => known));
  });

  test('who asks about a call that was never made is told so', async () => {
    expect(await create().ask(done.call(randomUUID()))).toMatchObject({ type: notFound });
  });

  test('a question does nothing: the call that comes after it is done', async () => {
    const outside = create();
    const call = done.call(randomUUID());
    await outside.ask(call);

    expect(await outside.perform(call)).toMatchObject({ type: done.outcome });
  });

  test.each([
    ['done', done],
    ['refused', refused],
  ])('who asks about a call that was %s is told what came of it', async (_, { call }) => {
    const outside = create();
    const made = call(randomUUID());

    const outcome = await outside.perform(made);

    expect(await outside.ask(made)).toStrictEqual(outcome);
  });

  test('it keeps keys for longer than the margin left of that, or every call would be asked about', () => {
    expect(create().keysKeptMs).toBeGreaterThan(KEY_MARGIN_MS);
  });
}

function notAnswering<Call extends OutsideCall, Outcome extends Fact>(
  create: () => Outside<Call, Outcome>,
  { done, notFound, flaky, down }: OutsideCalls<Call, Outcome> & UnansweredCalls<Call>,
): void {
  const noAnswer = { name: 'NoAnswer' };

  test('a flaky call is not answered twice, whoever asks in between, and then it is done', async () => {
    const outside = create();
    const call = flaky(randomUUID());

    await expect(outside.perform(call)).rejects.toMatchObject(noAnswer);
    expect(await outside.ask(call)).toMatchObject({ type: notFound });
    await expect(outside.perform(call)).rejects.toMatchObject(noAnswer);
    expect(await outside.ask(call)).toMatchObject({ type: notFound });
    expect(await outside.perform(call)).toMatchObject({ type: done.outcome });
    expect(await outside.perform(call)).toMatchObject({ type: done.outcome });
  });

  test('of flaky calls at the same time two are not answered', async () => {
    const outside = create();
    const call = flaky(randomUUID());

    const answers = await Promise.allSettled(Array.from({ length: MANY }, () => outside.perform(call)));

    expect(answers.filter(({ status }) => status === 'rejected')).toHaveLength(2);
  });

  test('what was done is answered, also to a call that would not be', async () => {
    const outside = create();
    const key = randomUUID();

    const first = await outside.perform(done.call(key));

    expect(await outside.perform(down(key))).toStrictEqual(first);
  });

  test('a call to one that is down is never answered, and never done', async () => {
    const outside = create();
    const call = down(randomUUID());

    for (let n = 0; n < MANY; n += 1) await expect(outside.perform(call)).rejects.toMatchObject(noAnswer);

    expect(await outside.ask(call)).toMatchObject({ type: notFound });
  });
}
