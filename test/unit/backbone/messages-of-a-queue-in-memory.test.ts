import { expect, test } from 'vitest';
import { type InMemoryQueueProps, InMemorySourceQueue } from '../../../functions/backbone/in-memory-source-queue.ts';
import { ManualClock } from '../../manual-clock.ts';

const letter = (body: string, group?: string) => ({ body, attributes: {}, ...(group !== undefined && { group }) });

function queueOf(props: Omit<InMemoryQueueProps, 'clock'> = {}) {
  const clock = new ManualClock();
  const queue = new InMemorySourceQueue({ clock, visibilitySeconds: 30, ...props });
  return { clock, queue, bodies: (most?: number) => queue.receive(most).map(({ body }) => body) };
}

test('a message is held back at first for the delay of the queue', () => {
  const { clock, queue, bodies } = queueOf({ delaySeconds: 5 });
  queue.send(letter('a'));

  clock.advance(4_999);
  expect(bodies()).toEqual([]);
  expect(queue.nextVisibleMs).toBe(clock.now() + 1);

  clock.advance(1);
  expect(bodies()).toEqual(['a']);
});

test('a message that is not acknowledged comes again after the visibility timeout', () => {
  const { clock, queue } = queueOf();
  queue.send(letter('a'));
  const sentMs = clock.now();
  clock.advance(1_000);
  queue.receive();

  clock.advance(29_999);
  expect(queue.receive()).toEqual([]);

  clock.advance(1);
  expect(queue.receive()).toMatchObject([{ body: 'a', receiveCount: 2, sentMs, firstReceivedMs: sentMs + 1_000 }]);
});

test('one that is acknowledged does not', async () => {
  const { queue } = queueOf();
  queue.send(letter('a'));
  for (const { receiptHandle } of queue.receive()) await queue.acknowledge(receiptHandle);

  expect(queue).toMatchObject({ length: 0, nextVisibleMs: undefined });
});

/*
 *     one:     receive ──────── the visibility timeout ends ───── acknowledge: too late
 *     other:                            receive again
 */
test('who acknowledges a message too late does not take it from whoever has it now', async () => {
  const { clock, queue } = queueOf();
  queue.send(letter('a'));
  const [first] = queue.receive();
  clock.advance(30_000);
  queue.receive();

  await queue.acknowledge(first?.receiptHandle ?? '');

  expect(queue.length).toBe(1);
  await expect(queue.retryIn(first?.receiptHandle ?? '', 0)).rejects.toThrow('message-1#1');
});

// Not in the conformance suite: the local SQS takes any number.
test('no message is held back longer than SQS holds one back', async () => {
  const { queue } = queueOf();
  queue.send(letter('a'));
  const receiptHandle = queue.receive()[0]?.receiptHandle ?? '';

  await expect(queue.retryIn(receiptHandle, 43_201)).rejects.toThrow('0–43200 whole seconds, not for 43201');
  await expect(queue.retryIn(receiptHandle, -1)).rejects.toThrow('not for -1');
  await expect(queue.retryIn(receiptHandle, 0.5)).rejects.toThrow('not for 0.5');
  await expect(queue.sendAgain(letter('a'), 901)).rejects.toThrow('0–900 whole seconds, not for 901');
});

test('no more is received than was asked for, oldest first', () => {
  const { queue, bodies } = queueOf();
  for (const body of ['a', 'b', 'c']) queue.send(letter(body));

  expect(bodies(2)).toEqual(['a', 'b']);
  expect(bodies(2)).toEqual(['c']);
});

test('what was received too often goes to the dead-letter queue instead', () => {
  const { clock, queue, bodies } = queueOf({ maxReceives: 2 });
  queue.send(letter('a'));
  for (const _ of [1, 2]) {
    expect(bodies()).toEqual(['a']);
    clock.advance(30_000);
  }

  expect(bodies()).toEqual([]);

  expect(queue.deadLetters).toEqual([letter('a')]);
  expect(queue.length).toBe(0);
});

test('a message that is held back holds back those behind it in its group, and no other', () => {
  const { clock, queue, bodies } = queueOf();
  queue.send(letter('a1', 'a'));
  expect(bodies()).toEqual(['a1']);
  queue.send(letter('a2', 'a'));
  queue.send(letter('b1', 'b'));
  queue.send(letter('ungrouped'));

  expect(bodies()).toEqual(['b1', 'ungrouped']);

  clock.advance(30_000);
  expect(bodies()).toEqual(['a1', 'a2', 'b1', 'ungrouped']);
});
