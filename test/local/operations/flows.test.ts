import { expect, test } from 'vitest';
import { waitFor } from '../../../localstack/shop/wait.ts';
import { listenersOn } from '../../../operations/listener.ts';
import { busName, cartOf, clients, orderEnds, orderShows, SHIPPED_ONCE, stocked, unique } from '../shop.ts';
import { factbus, jsonOf, start } from './command-line.ts';

/** The rules of tails that are on the bus. */
const tails = () => listenersOn({ events: clients.events, busName }, 'tail-');

const options = { stage: busName.replace('factbus-', '') };

test('an order from its cart to its shipment: sent, watched, shown, and traced', async () => {
  const sku = await stocked(5);
  const cart = cartOf(sku, 2);
  const orderId = `order-${cart.cartId}`;
  const tail = start(
    ['events', 'tail', '--where', `orderId=${orderId}`, '--count', '2', '--for', '60s', '--json'],
    options,
  );
  await waitFor('the tail to listen', async () => (tail.said().includes('listening') ? true : undefined));

  const eventId = unique('cart-event');
  const sent = await factbus(['events', 'send', 'CartCheckedOut', '--file', '-', '--event-id', eventId], {
    ...options,
    stdin: JSON.stringify(cart),
  });
  expect(sent).toMatchObject({ code: 0, stdout: `✔ CartCheckedOut of shop.storefront is on the bus as ${eventId}\n` });

  const { code, stdout } = await tail.ended;
  const seen = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect([code, seen.map(({ metadata }) => metadata.type)]).toEqual([0, ['OrderPlaced', 'InventoryReserved']]);
  expect(seen[0]).toMatchObject({
    metadata: { correlationId: eventId, causationId: eventId },
    data: { cartId: cart.cartId },
  });
  expect(await tails()).toEqual([]);

  await orderEnds(orderId);
  await orderShows(orderId, Object.keys(SHIPPED_ONCE));
  const shown = jsonOf(await factbus(['orders', 'show', orderId, '--json'], options));
  expect(shown.view).toMatchObject({ status: 'shipped', total: 2_000 });
  const opening = shown.commits.find(
    (commit: { stream: string; version: number }) => commit.stream === `order#${orderId}` && commit.version === 1,
  );
  expect(opening).toMatchObject({
    context: 'orders',
    causes: [{ subscription: 'orders', eventId }],
    facts: [{ type: 'OrderPlaced' }],
  });
  const page = (await factbus(['orders', 'show', orderId], options)).stdout;
  expect(page).toMatch(/^ {2}status +shipped$/m);
  expect(page).toMatch(/^ {2}total +20\.00 EUR$/m);
  expect(page).toMatch(new RegExp(`order#${orderId} +1 {2}OrderPlaced +event ${eventId} → orders$`, 'm'));
  expect(page).toMatch(/payment#\S+ +\d {2}PaymentCaptured +InventoryReserved → payments$/m);

  // By the flow's id, which reads all streams, and by the order's.
  for (const id of [eventId, orderId]) {
    const traced = (await factbus(['trace', id], options)).stdout;
    expect(traced).toContain(`flow ${eventId}`);
    expect(traced).toMatch(new RegExp(`0\\.00 s {2}event ${eventId} from outside`));
    expect(traced).toMatch(/└ OrderPlaced +order#/);
    expect(traced).toMatch(/[├└] PaymentCaptured +payment#\S+ v\d +\S+ m?s +█+$/m);
    expect(traced).toMatch(/[├└] OrderShipped +order#/);
  }
  const { flows, steps } = jsonOf(await factbus(['trace', eventId, '--json'], options));
  expect(flows).toEqual([eventId]);
  expect(steps[0]).toMatchObject({ id: eventId, followers: [{ type: 'OrderPlaced', context: 'orders' }] });
});

test('what nobody knows is answered with exit code 3', async () => {
  for (const words of [
    ['orders', 'show', 'order-nobody'],
    ['trace', 'nobody'],
  ]) {
    expect(await factbus(words, options)).toMatchObject({ code: 3, stdout: '' });
  }
});

test('a stage that is not there is answered with exit code 3, and where it was looked for', async () => {
  const { code, stderr } = await factbus(['dlq', 'list'], { stage: 'nowhere' });
  expect([code, stderr]).toEqual([3, expect.stringContaining('There is no bus factbus-nowhere at http')]);
});

test('a tail that is stopped takes its rule and its queue away', async () => {
  const tail = start(['events', 'tail', '--type', 'StockDepleted'], options);
  await waitFor('the tail to listen', async () => (tail.said().includes('listening') ? true : undefined));
  tail.kill('SIGTERM');
  expect((await tail.ended).code).toBe(0);
  expect(await tails()).toEqual([]);
});
