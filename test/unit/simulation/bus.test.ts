import { expect, test } from 'vitest';
import type { Received } from '../../../functions/backbone/envelope.ts';
import { subscription } from '../../../functions/backbone/subscription.ts';
import { type Site, World } from '../../simulation/world.ts';
import { CoinDropped, CoinTaken } from './savings-bank.ts';

const drops = subscription('drops', { CoinDropped });
const takes = subscription('takes', { CoinTaken });

/** Two that listen to different facts, and keep what they hear. */
function listeners({ consumer }: Site) {
  const heard: Received[] = [];
  const hear = (event: Received) => {
    heard.push(event);
    return Promise.resolve();
  };
  consumer({ subscription: drops, start: () => ({ subscription: drops, handle: (events) => events.map(hear) }) });
  consumer({ subscription: takes, start: () => ({ subscription: takes, handle: (events) => events.map(hear) }) });
  return { heard };
}

const coin = { jar: '1', amount: 7 };

test('a fact comes to those who subscribe to it', async () => {
  const world = new World(listeners);
  world.send(CoinDropped, coin);

  await world.run();

  expect(world.parts.heard).toMatchObject([{ type: 'CoinDropped', data: coin }]);
});

test('a fact of the same name from somewhere else does not', async () => {
  const world = new World(listeners);
  world.sendRaw({ source: 'toy.elsewhere', type: 'CoinDropped', detail: coin });

  await world.run();

  expect(world.parts.heard).toEqual([]);
});

test('an event may be sent in each of its forms, and what is missing is filled from the bus', async () => {
  const world = new World(listeners);
  world.send(CoinDropped, coin, { metadata: { id: 'e1', time: '2026-01-31T11:59:00.000Z', correlationId: 'flow' } });
  world.send(CoinDropped, coin, { form: 'data', inSeconds: 1 });
  world.send(CoinDropped, coin, { form: 'bare', inSeconds: 2 });

  await world.run();

  expect(world.parts.heard.map(({ data }) => data)).toEqual([coin, coin, coin]);
  expect(world.parts.heard.map(({ timeGiven }) => timeGiven)).toEqual([true, false, false]);
  const [given, , bare] = world.parts.heard.map(({ metadata }) => metadata);
  expect(given).toMatchObject({ id: 'e1', time: '2026-01-31T11:59:00.000Z', correlationId: 'flow' });
  // The bus gives whole seconds.
  expect(bare).toMatchObject({ time: '2026-01-31T12:00:02Z', source: 'toy.street', schemaVersion: 1 });
});

test('the same event sent twice is two on the bus, under one id of its own', async () => {
  const world = new World(listeners);
  for (const _ of [1, 2]) world.send(CoinDropped, coin, { metadata: { id: 'e1' } });

  await world.run();

  expect(new Set(world.events.map(({ id }) => id)).size).toBe(2);
  expect(world.parts.heard.map(({ metadata }) => metadata.id)).toEqual(['e1', 'e1']);
  expect(world.published(CoinDropped)).toHaveLength(1);
});

test('a subscription is there once', () => {
  expect(() => new World((site) => [listeners(site), listeners(site)])).toThrow(
    'there is a subscription drops already',
  );
});

test('who asks for a queue that is not there is told which are', () => {
  expect(() => new World(listeners).queue('drips')).toThrow('no drips in this world, but drops, takes');
});
