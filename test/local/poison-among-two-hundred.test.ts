import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { DeleteMessageCommand, GetQueueUrlCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { expect, test } from 'vitest';
import { waitFor } from '../../localstack/shop/wait.ts';
import { StockReceived } from '../../schemas/generated/facts.ts';
import { type FoundDeadLetter, toDeadLetter } from './fed-queue.ts';
import { busName, clients, stockSettles, unique } from './shop.ts';

const GOOD = 200;
/** From its delivery to the function until it is in the DLQ; how long it waits for its turn is the machine's. */
const MOST_MS = 5_000;

/** Puts deliveries on the bus, ten at a time; whatever their data are. */
async function deliver(all: readonly unknown[]): Promise<void> {
  const { source, type } = StockReceived;
  const about = { EventBusName: busName, Source: source, DetailType: type };
  for (let at = 0; at < all.length; at += 10) {
    const Entries = all.slice(at, at + 10).map((data) => ({ ...about, Detail: JSON.stringify(data) }));
    await clients.events.send(new PutEventsCommand({ Entries }));
  }
}

/** The dead letters of inventory that are about a SKU; they are gone then. */
async function deadLettersOf(sku: string): Promise<readonly FoundDeadLetter[]> {
  const { QueueUrl } = await clients.queues.send(new GetQueueUrlCommand({ QueueName: `${busName}-inventory-dlq` }));
  const receive = new ReceiveMessageCommand({
    QueueUrl,
    MaxNumberOfMessages: 10,
    VisibilityTimeout: 1,
    MessageSystemAttributeNames: ['All'],
    MessageAttributeNames: ['All'],
  });
  const { Messages = [] } = await clients.queues.send(receive);
  const own = Messages.filter(({ Body }) => Body?.includes(sku));
  for (const { ReceiptHandle } of own) await clients.queues.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
  return own.map(toDeadLetter);
}

test('a poison event among two hundred: one handling, in the DLQ within 5 s, and no effect on the others', async () => {
  const sku = unique('sku');
  const good = (n: number) => ({ sku, quantity: 1, deliveryId: `${sku}-${n}` });
  const poison = { sku, quantity: 'a lot', deliveryId: `${sku}-poison` };
  const all = Array.from({ length: GOOD }, (_, n) => good(n));

  await deliver(all.slice(0, GOOD / 2));
  const startMs = performance.now();
  await deliver([poison, ...all.slice(GOOD / 2)]);
  const [letter] = await waitFor('the dead letter', async () => {
    const found = await deadLettersOf(sku);
    return found.length > 0 ? found : undefined;
  });
  const sinceSentMs = performance.now() - startMs;
  console.info(
    `the poison was in the DLQ ${(sinceSentMs / 1000).toFixed(1)} s after it was sent, behind ${GOOD / 2} others`,
  );

  expect(letter).toMatchObject({
    isMovedBySqs: false,
    attributes: {
      reason: 'invalid',
      consumer: 'inventory',
      attempts: '1',
      errorMessage: expect.stringContaining('data/quantity'),
    },
  });
  expect(JSON.parse(letter?.body ?? '{}').detail).toEqual(poison);
  expect((letter?.sentMs ?? Number.NaN) - Date.parse(letter?.attributes.firstFailure ?? '')).toBeLessThan(MOST_MS);

  const booked = { available: GOOD, reserved: 0, shipped: 0, received: GOOD };
  expect(await stockSettles(sku, booked)).toEqual(booked);
  expect(await deadLettersOf(sku)).toEqual([]);
});
