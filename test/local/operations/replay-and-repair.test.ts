import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../../functions/backbone/clock.ts';
import { readEvent } from '../../../functions/backbone/envelope.ts';
import { orderView } from '../../../functions/order-view/subscriptions.ts';
import { openTap, type Tap, type Tapped } from '../../../localstack/shop/tap.ts';
import { waitFor } from '../../../localstack/shop/wait.ts';
import { clients } from '../shop.ts';
import { type BareStage, bareStage, drain, fill, putCommits } from './bare-stage.ts';
import { factbus, jsonOf } from './command-line.ts';

let bare: BareStage;
let tap: Tap;

beforeAll(async () => {
  bare = await bareStage(
    ['order-view', 'payments', 'orders-relay-dlq'],
    ['orders', 'inventory', 'payments', 'shipping'],
  );
  tap = await openTap(clients, bare.busName);
  await putCommits(
    bare.tableName('orders'),
    [1, 2, 3, 4].flatMap((n) => [placed(n), cancelled(n)]),
  );
  await putCommits(bare.tableName('payments'), [own('payment#order-1')]);
});
afterAll(async () => {
  await tap.close();
  await bare.remove();
});
beforeEach(async () => {
  await drain(bare.queueUrl('order-view'));
  await passed(0);
});

const run = (...words: readonly string[]) => factbus(words, bare);

function commit(pk: string, sk: number, hour: number, fact: object, published: boolean) {
  const time = `2026-01-31T${String(hour).padStart(2, '0')}:00:00.000Z`;
  return { pk, sk, time, correlationId: 'flow', causes: [], facts: [fact], ...(published && { published: 1 }) };
}

/** Order n was placed at n o'clock, and cancelled an hour later. */
function placed(n: number) {
  const data = {
    orderId: `order-${n}`,
    cartId: `${n}`,
    customerId: 'c',
    currency: 'EUR',
    lines: [{ sku: 's', quantity: 1, unitPrice: n }],
    total: n,
    paymentMethod: 't',
    shippingAddress: 'a',
  };
  const published = { source: 'shop.orders', sequence: 1, schemaVersion: 1 };
  return commit(
    `order#order-${n}`,
    1,
    n,
    { id: `placed-${n}`, type: 'OrderPlaced', data, causationId: 'cart', hops: 1, published },
    true,
  );
}

function cancelled(n: number) {
  const data = { orderId: `order-${n}`, customerId: 'c', reason: 'requested' };
  const published = { source: 'shop.orders', sequence: 2, schemaVersion: 1 };
  return commit(
    `order#order-${n}`,
    2,
    n + 1,
    { id: `cancelled-${n}`, type: 'OrderCancelled', data, causationId: 'wish', hops: 1, published },
    true,
  );
}

function own(pk: string) {
  return commit(pk, 1, 1, { id: 'own', type: 'TermsNoted', data: {}, causationId: 'placed-1', hops: 2 }, false);
}

/** What has passed on the bus, once there is as much as expected and nothing more comes. */
async function passed(count: number): Promise<readonly string[]> {
  const all: Tapped[] = [];
  return await waitFor(`${count} events`, async () => {
    const some = await tap.next();
    all.push(...some);
    return some.length === 0 && all.length >= count ? all.map(({ metadata }) => metadata.id).sort() : undefined;
  });
}

describe('replay from the stores', () => {
  test('puts the facts of a time, a type and a condition into one consumer, and into no other', async () => {
    const selection = [
      'replay',
      'order-view',
      '--type',
      'OrderPlaced',
      '--since',
      '2026-01-31T02:00:00Z',
      '--until',
      '2026-01-31T03:30:00Z',
      '--where',
      'total>2',
    ];
    expect((await run(...selection, '--dry-run')).stdout).toMatch(
      /^1 fact of \d+ would go to factbus-.*-order-view\. Nothing was sent\./,
    );
    expect(await run(...selection)).toMatchObject({ code: 5, stdout: '' });

    const replayed = jsonOf(await run(...selection, '--name', 'again-1', '--yes', '--json'));

    expect(replayed).toMatchObject({ replay: 'again-1', chosen: { OrderPlaced: 1 }, sent: 1, refused: [] });
    const events = (await drain(bare.queueUrl('order-view'))).map(({ Body = '' }) =>
      readEvent(orderView, Body, systemClock),
    );
    expect(events).toMatchObject([
      { type: 'OrderPlaced', replay: 'again-1', metadata: { id: 'placed-3', version: 1, subject: 'order#order-3' } },
    ]);
    expect(await drain(bare.queueUrl('payments'))).toEqual([]);
    expect(await passed(0)).toEqual([]);
  });

  test('puts all that the stores have into it, in the order of each stream', async () => {
    const { code, stdout, stderr } = await run('replay', 'order-view', '--rate', 'unlimited', '--yes');
    expect([code, stdout.split('\n')[1]]).toEqual([0, '  OrderCancelled 4, OrderPlaced 4']);
    expect(stderr).toContain('Left out, for no store keeps it: NotificationSent.');
    const ids = (await drain(bare.queueUrl('order-view'))).map(({ Body = '' }) => JSON.parse(Body).id);
    expect(ids).toHaveLength(8);
    for (const n of [1, 2, 3, 4]) expect(ids.indexOf(`placed-${n}`)).toBeLessThan(ids.indexOf(`cancelled-${n}`));
  });

  test('says that there is no archive where none is, and leaves nothing behind', async () => {
    const { code, stderr } = await run('replay', 'order-view', '--from', 'archive', '--since', '1h', '--yes');
    expect([code, stderr]).toEqual([3, expect.stringContaining('--from stores')]);
  });
});

describe('relay repair', () => {
  test('publishes a stream’s facts again, under the ids that they have', async () => {
    const repair = ['relay', 'repair', 'orders', '--stream', 'order#order-2'];
    expect((await run(...repair, '--dry-run')).stdout).toBe('2 facts of 2 commits would be published. Nothing was.\n');
    expect(await run(...repair)).toMatchObject({ code: 5 });
    expect(await run(...repair, '--yes')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^✔ 2 facts of 2 commits of orders are on the bus again/),
    });
    expect(await passed(2)).toEqual(['cancelled-2', 'placed-2']);
  });

  test('publishes the facts of a time again', async () => {
    expect(await run('relay', 'repair', 'orders', '--since', '2026-01-31T04:30:00Z', '--yes')).toMatchObject({
      code: 0,
    });
    expect(await passed(1)).toEqual(['cancelled-4']);
  });

  test('publishes what the relay’s dead letters name, and removes those that are done with', async () => {
    const queue = bare.queueUrl('orders-relay-dlq');
    const attributes = { reason: 'EntryTooLarge', error: 'too large' };
    await fill(queue, [
      { body: '{"pk":"order#order-3","sk":1}', attributes },
      { body: '{"pk":"stock#mug","sk":0}', attributes },
    ]);

    const repaired = await run('relay', 'repair', 'orders', '--dead-letters', '--yes');

    expect(repaired.code).toBe(4);
    expect(repaired.stderr).toContain('holds no commit stock#mug v0');
    expect(await passed(1)).toEqual(['placed-3']);
    expect((await drain(queue)).map(({ Body }) => Body)).toEqual(['{"pk":"stock#mug","sk":0}']);
  });
});
