import { isDeepStrictEqual } from 'node:util';
import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { expect, test } from 'vitest';
import { orderViewOf, READ_MODELS_TABLE } from '../../functions/order-view/generations.ts';
import { readOrder } from '../../functions/order-view/view.ts';
import { sourceQueueOn } from '../../operations/catalogue.ts';
import { currentViewTable } from '../../operations/view/generations.ts';
import { anotherStage } from './another-stage.ts';
import { factbus, jsonOf, start } from './operations/command-line.ts';
import { cartOf, counted, SHIPPED_ONCE, type Shop } from './shop.ts';

const STAGE = 'late';

/** Checks out one cart after the other, each when the last is placed, until it is told to stop; answers all orders. */
function liveTraffic(shop: Shop, sku: string) {
  const stopping = new AbortController();
  const orderIds: string[] = [];
  const going = async () => {
    while (!stopping.signal.aborted) {
      const orderId = await shop.checkOut(cartOf(sku));
      orderIds.push(orderId);
      await shop.orderShows(orderId, ['OrderPlaced']);
    }
  };
  const gone = going();
  return {
    async stop(): Promise<readonly string[]> {
      stopping.abort();
      await gone;
      return orderIds;
    },
  };
}

test('a second view that joins late shows every order in full, is switched to while orders come, and back', {
  timeout: 300_000,
}, async () => {
  const shop = await anotherStage(STAGE);
  const { busName, clients } = shop;
  const place = { documents: clients.documents, busName };
  const view2 = sourceQueueOn(busName, orderViewOf(2));
  const run = (...words: readonly string[]) =>
    factbus(words, { stage: STAGE, environment: { CDK_VALIDATION: 'false' } });

  // What an earlier run has switched to is gone by this deployment.
  const pointer = { TableName: `${busName}-${READ_MODELS_TABLE}`, Key: { readModel: 'order-view' } };
  await clients.documents.send(new DeleteCommand(pointer));

  // Before there is anybody to listen to them.
  const sku = await shop.stocked(1_000);
  const early = await Promise.all([1, 2, 3, 4].map(() => shop.checkOut(cartOf(sku))));
  const mailed = await shop.customerWithContact();
  early.push(await shop.checkOut(cartOf(sku, 1, { customerId: mailed.customerId })));
  await shop.allOrders(early, 'to be shipped', ({ status }) => status === 'shipped', 60_000);
  const [, , , , mailedId = ''] = early;
  await shop.orderShows(mailedId, ['NotificationSent']);
  expect(await currentViewTable(place)).toBe(shop.tables.orderView);

  const traffic = liveTraffic(shop, sku);
  const words = ['view', 'rebuild', '--yes', '--json', '-c', 'durable=false', '--rate', '200'];
  const rebuilding = start(words, { stage: STAGE, environment: { CDK_VALIDATION: 'false' } });
  const rebuilt = jsonOf(await rebuilding.ended);
  const live = await traffic.stop();

  expect(rebuilt).toMatchObject({ from: 1, to: 2, missing: 0, kept: [1, 2] });
  expect(rebuilt.takenOver).toBeGreaterThan(0);
  expect(live.length).toBeGreaterThan(3);
  expect(await currentViewTable(place)).toBe(view2);

  // What was under way comes to its end in both.
  await shop.allOrders([...early, ...live], 'to be shipped', ({ status }) => status === 'shipped', 90_000);
  for (const orderId of [...early, ...live]) {
    const both = async () => [await readOrder(clients.documents, view2, orderId), await shop.order(orderId)] as const;
    await expect.poll(async () => isDeepStrictEqual(...(await both())), { timeout: 30_000 }).toBe(true);
    const [fresh] = await both();
    expect(fresh && counted(fresh)).toMatchObject(SHIPPED_ONCE);
  }
  expect((await readOrder(clients.documents, view2, mailedId))?.timeline.map(({ type }) => type)).toContain(
    'NotificationSent',
  );
  const shown = jsonOf(await run('orders', 'show', live[0] ?? '', '--json'));
  expect(shown.view).toMatchObject({ orderId: live[0], status: 'shipped' });

  expect(jsonOf(await run('view', 'rollback', '--yes', '--json'))).toMatchObject({ from: 2, to: 1 });
  expect(await currentViewTable(place)).toBe(shop.tables.orderView);
});
