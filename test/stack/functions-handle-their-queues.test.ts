import path from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { Consumer } from '../../lib/backbone/consumer.ts';
import { app } from './synthesised.ts';

const ROOT = path.join(import.meta.dirname, '../..');

afterEach(() => vi.unstubAllEnvs());

const consumers = app()
  .stack.node.findAll()
  .filter((one) => one instanceof Consumer)
  .map((consumer) => ({ name: consumer.subscription.name, entry: consumer.function.entry }));

/** Starts a function's code as Lambda does, with its queue's subscription in its environment. */
async function start(entry: string, subscription: string): Promise<unknown> {
  vi.resetModules();
  vi.stubEnv('SUBSCRIPTION', subscription);
  vi.stubEnv('AWS_REGION', 'eu-central-1');
  for (const name of NUMBERS) vi.stubEnv(name, '10');
  for (const name of VARIABLES) vi.stubEnv(name, 'anything');
  return await import(path.join(ROOT, entry));
}

const NUMBERS = ['FUNCTION_TIMEOUT_SECONDS', 'RETRY_BASE_SECONDS', 'RETRY_CAP_SECONDS', 'RETRY_ATTEMPTS'];

const VARIABLES = [
  'QUEUE_URL',
  'DEAD_LETTER_QUEUE_URL',
  'EVENT_STORE_TABLE',
  'EVENT_BUS_NAME',
  'READ_MODEL_TABLE',
  'IDEMPOTENCY_TABLE',
  'CONTACTS_TABLE',
  'MAIL_FROM',
  'PROVIDER_TABLE',
  'CARRIER_TABLE',
];

test.each(consumers)('the code of $entry handles the subscription $name', async ({ name, entry }) => {
  expect(await start(entry, name)).toHaveProperty('handler');
});

test.each(consumers)(
  'the code of $entry does not start behind the queue of another subscription',
  async ({ entry }) => {
    await expect(start(entry, 'another')).rejects.toThrow(/its queue is that of another/);
  },
);

test.each(consumers)('the code of $entry does not start without knowing how to try again', async ({ name, entry }) => {
  expect(await start(entry, name)).toHaveProperty('handler');
  vi.resetModules();
  vi.stubEnv('RETRY_ATTEMPTS', 'many');

  await expect(import(path.join(ROOT, entry))).rejects.toThrow(
    "the environment variable RETRY_ATTEMPTS is 'many': the function's construct has to give a number",
  );
});
