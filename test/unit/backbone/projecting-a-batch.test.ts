import { expect, test } from 'vitest';
import { InMemoryReadModel } from '../../../functions/backbone/in-memory-read-model.ts';
import { projector } from '../../../functions/backbone/projector.ts';
import type { ReadModel } from '../../../functions/backbone/read-model.ts';
import { subscription } from '../../../functions/backbone/subscription.ts';
import { OrderShipped, StockDepleted } from '../../../schemas/generated/facts.ts';
import { shippedOrder } from './eventbridge-message.ts';
import { invocation } from './invocation.ts';
import { received } from './received.ts';

const shipped = (id: string, orderId: string) =>
  received(id, { type: 'OrderShipped', data: { ...shippedOrder, orderId } } as const);
const depleted = (id: string) => received(id, { type: 'StockDepleted', data: { sku: 'mug' } } as const);

const tracking = (readModel: ReadModel) =>
  projector(
    subscription('tracking', { OrderShipped, StockDepleted }),
    {
      OrderShipped: ({ data: { orderId, trackingCode } }) => ({ id: orderId, once: { trackingCode } }),
      StockDepleted: () => undefined,
    },
    readModel,
  );

test('each fact changes its own item, and a fact that says nothing of any changes none', async () => {
  const readModel = new InMemoryReadModel();

  await Promise.all(tracking(readModel).handle([shipped('e1', 'a'), depleted('e2'), shipped('e3', 'b')], invocation()));

  expect([readModel.item('a'), readModel.item('b')]).toEqual([
    { trackingCode: 'track-1' },
    { trackingCode: 'track-1' },
  ]);
});

test('an update that fails fails its own event alone', async () => {
  const readModel: ReadModel = {
    apply: ({ id }) => (id === 'a' ? Promise.reject(new RangeError('no')) : Promise.resolve()),
  };

  const settled = await Promise.allSettled(
    tracking(readModel).handle([shipped('e1', 'a'), depleted('e2'), shipped('e3', 'b')], invocation()),
  );

  expect(settled.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
});
