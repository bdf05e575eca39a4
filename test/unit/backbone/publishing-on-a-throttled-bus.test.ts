import { EventBridgeServiceException } from '@aws-sdk/client-eventbridge';
import { expect, test } from 'vitest';
import { EventBridgePublisher } from '../../../functions/backbone/eventbridge-publisher.ts';
import { ManualClock } from '../../manual-clock.ts';
import { publication } from './publication.ts';
import { ScriptedBus } from './scripted-bus.ts';

function publisher() {
  const bus = new ScriptedBus();
  const clock = new ManualClock();
  return { bus, clock, publisher: new EventBridgePublisher(bus.client, { bus: 'factbus', clock }) };
}

const throttled = { ErrorCode: 'ThrottlingException', ErrorMessage: 'slow down' };
const facts = [publication('a'), publication('b'), publication('c')];

test('what the bus did not take goes again after a random wait, and nothing else', async () => {
  const { bus, clock, publisher: to } = publisher();
  bus.answer = (detail, call) => (detail.includes('"b"') && call < 3 ? throttled : {});

  const answers = await to.publish(facts, clock.now() + 60_000);

  expect(answers.map(({ kind }) => kind)).toEqual(['published', 'published', 'published']);
  expect(bus.ids).toEqual([['a', 'b', 'c'], ['b'], ['b']]);
  expect(clock.slept).toHaveLength(2);
});

test('it gives up in time', async () => {
  const { bus, clock, publisher: to } = publisher();
  const untilMs = clock.now() + 20_000;
  bus.answer = (detail) => (detail.includes('"b"') ? throttled : {});

  const answers = await to.publish(facts, untilMs);

  expect(answers).toEqual([
    { kind: 'published' },
    { kind: 'failed', code: 'ThrottlingException', message: 'slow down' },
    { kind: 'published' },
  ]);
  expect(clock.now()).toBeLessThan(untilMs);
  expect(clock.now()).toBeGreaterThan(untilMs - 2_001);
});

test('when there is no time, it tries once', async () => {
  const { bus, clock, publisher: to } = publisher();
  bus.answer = () => throttled;

  await to.publish(facts, clock.now());

  expect(bus.calls).toHaveLength(1);
});

test.each(['MalformedDetail', 'InvalidArgument'])('what is refused with %s is not tried again', async (code) => {
  const { bus, clock, publisher: to } = publisher();
  bus.answer = (detail) => (detail.includes('"b"') ? { ErrorCode: code, ErrorMessage: 'never' } : {});

  const answers = await to.publish(facts, clock.now() + 60_000);

  expect(answers[1]).toEqual({ kind: 'refused', code, message: 'never' });
  expect(bus.calls).toHaveLength(1);
});

test('a missing permission may come yet: nothing is refused for it', async () => {
  const { bus, clock, publisher: to } = publisher();
  bus.answer = (_, call) => (call < 3 ? { ErrorCode: 'NotAuthorizedForSourceException', ErrorMessage: 'not yet' } : {});

  const answers = await to.publish(facts, clock.now() + 60_000);

  expect(answers.map(({ kind }) => kind)).toEqual(['published', 'published', 'published']);
});

test('when the bus refuses a call for one of its entries, the others go alone', async () => {
  const { bus, clock, publisher: to } = publisher();
  bus.answer = (detail) => {
    if (detail.includes('"b"')) {
      const about = { name: 'ValidationException', message: 'not this', $fault: 'client', $metadata: {} } as const;
      throw new EventBridgeServiceException(about);
    }
    return {};
  };

  const answers = await to.publish(facts, clock.now() + 60_000);

  expect(answers).toEqual([
    { kind: 'published' },
    { kind: 'refused', code: 'InvalidArgument', message: 'not this' },
    { kind: 'published' },
  ]);
});

test('a call that fails as a whole is tried again as a whole', async () => {
  const { bus, clock, publisher: to } = publisher();
  bus.answer = (_, call) => {
    if (call === 1) throw Object.assign(new Error('cut off'), { name: 'TimeoutError' });
    return {};
  };

  const answers = await to.publish(facts, clock.now() + 60_000);

  expect(answers.map(({ kind }) => kind)).toEqual(['published', 'published', 'published']);
  expect(bus.ids).toEqual([
    ['a', 'b', 'c'],
    ['a', 'b', 'c'],
  ]);
});

test('an entry that the bus gave no answer for has failed', async () => {
  const { bus, clock, publisher: to } = publisher();
  bus.answer = (detail) => (detail.includes('"a"') ? {} : undefined);

  const answers = await to.publish(facts, clock.now());

  expect(answers.map(({ kind }) => kind)).toEqual(['published', 'failed', 'failed']);
});
