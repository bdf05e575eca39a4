import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { DeadLetter, SourceQueue } from '../../functions/backbone/source-queue.ts';

/** A message as a consumer receives it. */
export interface SourceMessage extends DeadLetter {
  readonly messageId: string;
  readonly receiptHandle: string;
  /** From 1. */
  readonly receiveCount: number;
}

/** A consumer's way back to its queue and dead-letter queue, together with the queues. */
export interface SourceQueueAndItsQueues {
  readonly queue: SourceQueue;
  /** What a rule does: puts a message in. */
  readonly send: (letter: DeadLetter) => Promise<void>;
  /** The next message, once there is one: then it is nobody else's for the visibility timeout. */
  readonly receive: () => Promise<SourceMessage>;
  /** How many messages the queue holds, received or held back or neither. */
  readonly length: () => Promise<number>;
  /** The next message of the dead-letter queue, once there is one; it is then gone from there. */
  readonly receiveDeadLetter: () => Promise<DeadLetter>;
  /** Milliseconds on the clock of the queues. */
  readonly now: () => number;
}

export interface SourceQueueKind {
  /** Whether messages come in order, and those of the same content within 5 minutes once. */
  readonly fifo: boolean;
  /** How long a received message is nobody else's. */
  readonly visibilitySeconds: number;
  /** How long a message that is sent is held back at first. */
  readonly delaySeconds: number;
}

/**
 * What every way back to a consumer's own queues must do.
 *
 * @param name of the implementation
 * @param create answers empty queues of a kind; called once for each test
 */
export function sourceQueueConformance(
  name: string,
  create: (kind: SourceQueueKind) => Promise<SourceQueueAndItsQueues>,
): void {
  describe.each([
    { fifo: false, of: 'a standard queue' },
    { fifo: true, of: 'a FIFO queue' },
  ])(`${name} leads back to $of`, ({ fifo }) => backTo(fifo, create));
}

/** Queues and tests read different clocks, and a timer may ring early. */
const TOLERANCE_MS = 150;

/** Longer than a test takes: what comes sooner did not wait for it. */
const LONG_SECONDS = 30;

const ATTRIBUTES = { reason: 'invalid', error: 'zwölf 🪙 "\\\n', attempts: '3' };

function backTo(fifo: boolean, create: Parameters<typeof sourceQueueConformance>[1]): void {
  const kind = { fifo, visibilitySeconds: LONG_SECONDS, delaySeconds: 0 };
  const letter = (attributes: DeadLetter['attributes'] = {}): DeadLetter => ({
    body: JSON.stringify({ id: randomUUID(), detail: { text: 'zwölf 🪙' } }),
    attributes,
    ...(fifo && { group: `order#${randomUUID()}` }),
  });

  test('a message comes again after the time that it was given, not after the visibility timeout', async () => {
    const { queue, send, receive, now } = await create(kind);
    await send(letter());
    const first = await receive();
    const beforeMs = now();

    await queue.retryIn(first.receiptHandle, 1);

    const second = await receive();
    const afterMs = now() - beforeMs;
    expect(second).toMatchObject({ messageId: first.messageId, body: first.body, receiveCount: 2 });
    expect(afterMs).toBeGreaterThan(1_000 - TOLERANCE_MS);
    expect(afterMs).toBeLessThan(LONG_SECONDS * 1000);
  });

  test('the time may be longer than the visibility timeout', async () => {
    const { queue, send, receive, now } = await create({ ...kind, visibilitySeconds: 1 });
    await send(letter());
    const { receiptHandle } = await receive();
    const beforeMs = now();

    await queue.retryIn(receiptHandle, 2);

    await receive();
    expect(now() - beforeMs).toBeGreaterThan(2_000 - TOLERANCE_MS);
  });

  test('a message may come again at once', async () => {
    const { queue, send, receive, now } = await create(kind);
    await send(letter());
    const { receiptHandle } = await receive();
    const beforeMs = now();

    await queue.retryIn(receiptHandle, 0);

    expect(await receive()).toMatchObject({ receiveCount: 2 });
    expect(now() - beforeMs).toBeLessThan(LONG_SECONDS * 1000);
  });

  test('what is put aside is in the dead-letter queue as it was, with the reason, and its original stays', async () => {
    const { queue, send, receive, length, receiveDeadLetter } = await create(kind);
    const sent = letter();
    await send(sent);
    await receive();

    await queue.quarantine({ ...sent, attributes: ATTRIBUTES });

    expect(await receiveDeadLetter()).toEqual({ ...sent, attributes: ATTRIBUTES });
    expect(await length()).toBe(1);
  });

  test('all that is put aside is there, also the same message again', async () => {
    const { queue, receiveDeadLetter } = await create(kind);
    const one = letter({ attempts: '1' });
    const letters = [one, { ...one, attributes: { attempts: '2' } }, letter({ attempts: '3' })];

    await Promise.all(letters.map((each) => queue.quarantine(each)));

    const found = [await receiveDeadLetter(), await receiveDeadLetter(), await receiveDeadLetter()];
    expect(found.toSorted((a, b) => Number(a.attributes.attempts) - Number(b.attributes.attempts))).toEqual(letters);
  });

  test('what is acknowledged is gone, and may be acknowledged again', async () => {
    const { queue, send, receive, length } = await create(kind);
    await send(letter());
    await send(letter());
    const [first, second] = [await receive(), await receive()];

    await queue.acknowledge(first.receiptHandle);
    await queue.acknowledge(first.receiptHandle);

    expect(await length()).toBe(1);
    await queue.retryIn(second.receiptHandle, 0);
    expect(await receive()).toMatchObject({ messageId: second.messageId });
  });

  if (fifo) {
    test('no copy is sent: it would lose its place', async () => {
      const { queue, length } = await create(kind);

      await expect(queue.sendAgain(letter(), 0)).rejects.toThrow();

      expect(await length()).toBe(0);
    });
    return;
  }

  test('a copy is a message of its own, with its attributes, and its original stays', async () => {
    const { queue, send, receive, length } = await create(kind);
    const sent = letter();
    await send(sent);
    await queue.retryIn((await receive()).receiptHandle, 0);
    const original = await receive();

    await queue.sendAgain({ ...sent, attributes: ATTRIBUTES }, 0);

    expect(await length()).toBe(2);
    await queue.acknowledge(original.receiptHandle);
    const copy = await receive();
    expect(copy).toMatchObject({ ...sent, attributes: ATTRIBUTES, receiveCount: 1 });
    expect(copy.messageId).not.toBe(original.messageId);
  });

  test('a copy is held back for the time that it was given', async () => {
    const { queue, receive, now } = await create(kind);
    const beforeMs = now();

    await queue.sendAgain(letter(), 1);

    await receive();
    expect(now() - beforeMs).toBeGreaterThan(1_000 - TOLERANCE_MS);
  });

  test("it is not held back by the queue's own delay", async () => {
    const { queue, receive, now } = await create({ ...kind, delaySeconds: LONG_SECONDS });
    const beforeMs = now();

    await queue.sendAgain(letter(), 0);

    await receive();
    expect(now() - beforeMs).toBeLessThan(LONG_SECONDS * 1000);
  });
}
