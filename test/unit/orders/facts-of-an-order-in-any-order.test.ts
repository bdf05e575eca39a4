import fc from 'fast-check';
import { expect, test } from 'vitest';
import { received } from '../backbone/received.ts';
import type { AppendScript } from '../backbone/scripted-event-store.ts';
import {
  cartCheckedOut,
  inventoryReleased,
  inventoryReservationFailed,
  inventoryReserved,
  orderCancellationRequested,
  paymentCaptured,
  paymentFailed,
  paymentRefunded,
  shipmentDispatched,
  shipmentFailed,
} from './mug-order.ts';
import { type OrderEvent, OrdersShelf } from './orders-shelf.ts';

const facts = {
  cart: cartCheckedOut,
  request: orderCancellationRequested,
  reserved: inventoryReserved,
  short: inventoryReservationFailed,
  released: inventoryReleased,
  captured: paymentCaptured,
  refused: paymentFailed('declined'),
  refunded: paymentRefunded,
  dispatched: shipmentDispatched,
  failed: shipmentFailed('carrier_refused'),
} as const;
type Name = keyof typeof facts;

/** What comes to the context's functions: a fact, each under one of two ids, or an order's own fact that comes back. */
type Arrival =
  | { readonly fact: Name; readonly copy: 'a' | 'b'; readonly endsBatch: boolean }
  | { readonly back: 'deadline' | 'settlement' };

const names = Object.keys(facts) as readonly Name[];
const arrival: fc.Arbitrary<Arrival> = fc.oneof(
  {
    weight: 9,
    arbitrary: fc.record({
      fact: fc.constantFrom(...names),
      copy: fc.constantFrom('a', 'b'),
      endsBatch: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ back: fc.constantFrom('deadline', 'settlement') }) },
);
const arrivals = fc.array(arrival, { maxLength: 25, size: 'max' });
const MOST_MISHAPS = 8;
const mishaps = fc.array(
  fc.constantFrom<AppendScript>('undisturbed', 'fails before it takes effect', 'takes effect, and its answer is lost'),
  { maxLength: MOST_MISHAPS },
);

/** Lets everything come to the order, and what failed come again until nothing fails. */
async function orderAfter(arrivals: readonly Arrival[], mishaps: readonly AppendScript[]): Promise<OrdersShelf> {
  const shelf = new OrdersShelf();
  shelf.store.nextAppends(...mishaps);
  let batch: OrderEvent[] = [];
  for (const [n, one] of arrivals.entries()) {
    if ('fact' in one) batch.push(received(`${one.fact}-${one.copy}`, facts[one.fact]));
    if ('back' in one || one.endsBatch || n === arrivals.length - 1) {
      await untilDone((failed) => shelf.handle(...failed), batch);
      batch = [];
    }
    if ('back' in one && one.back === 'deadline') await untilDone(() => shelf.deadlinePasses('placed'), ['placed']);
    if ('back' in one && one.back === 'settlement') await shelf.settlementIsDue('cancelled');
  }
  return shelf;
}

/** Hands over what failed, as often as there are mishaps to fail of. */
async function untilDone<E>(handle: (events: readonly E[]) => Promise<string[]>, events: readonly E[]): Promise<void> {
  let failed = events;
  for (let turn = 0; failed.length > 0; turn += 1) {
    const answers = await handle(failed);
    if (turn > MOST_MISHAPS) throw new Error(`never done: ${answers.join(', ')}`);
    failed = failed.filter((_, n) => answers[n] !== 'done');
  }
}

const came = (arrivals: readonly Arrival[], name: Name) => arrivals.some((one) => 'fact' in one && one.fact === name);

/** All ways that an order may go; a rejection is told at most once, as long as it is true. */
const WAYS = new RegExp(
  '^(OrderPlaced( OrderCancelled:(requested|out_of_stock|payment_failed|deadline_passed)( rejected:already_cancelled)?' +
    '| OrderConfirmed( rejected:too_late)?' +
    '( OrderShipped( rejected:too_late)?| OrderCancelled:shipment_failed( rejected:already_cancelled)?)?)?)?$',
);
const inWords = ({ published }: OrdersShelf) => published.join(' ').replaceAll('OrderCancellationRejected', 'rejected');

test('whatever comes, an order is placed once and ends once, and no event is counted twice', async () => {
  await fc.assert(
    fc.asyncProperty(arrivals, mishaps, async (arrivals, mishaps) => {
      const shelf = await orderAfter(arrivals, mishaps);

      expect(inWords(shelf)).toMatch(WAYS);
      expect(inWords(shelf).match(/rejected:too_late/g)?.length ?? 0).toBeLessThanOrEqual(1);
      const causes = shelf.store.inner.commits('order#order-c1').flatMap(({ causes }) => causes);
      expect(new Set(causes.map(({ subscription, eventId }) => `${subscription} ${eventId}`)).size).toBe(causes.length);
    }),
    { numRuns: 500 },
  );
});

test('whoever asks for a cancellation gets it, or is told why not', async () => {
  await fc.assert(
    fc.asyncProperty(arrivals, mishaps, async (arrivals, mishaps) => {
      fc.pre(came(arrivals, 'cart') && came(arrivals, 'request'));
      const shelf = await orderAfter(arrivals, mishaps);

      expect(inWords(shelf)).toMatch(/OrderCancelled:requested|rejected/);
    }),
    { numRuns: 500 },
  );
});

test('a request before the cart always cancels', async () => {
  await fc.assert(
    fc.asyncProperty(arrivals, mishaps, async (arrivals, mishaps) => {
      const first = { fact: 'request', copy: 'a', endsBatch: false } as const;
      const last = { fact: 'cart', copy: 'a', endsBatch: true } as const;
      const shelf = await orderAfter([first, ...arrivals, last], mishaps);

      expect(inWords(shelf)).toMatch(/^OrderPlaced OrderCancelled:requested( rejected:already_cancelled)?$/);
    }),
  );
});

test('a cancelled order is unsettled exactly while something that was held or captured is not back', async () => {
  await fc.assert(
    fc.asyncProperty(arrivals, mishaps, async (arrivals, mishaps) => {
      const shelf = await orderAfter(arrivals, mishaps);

      const cancelled = inWords(shelf).includes('OrderCancelled');
      const stockKept = came(arrivals, 'reserved') && !came(arrivals, 'released');
      const moneyKept = came(arrivals, 'captured') && !came(arrivals, 'refunded');
      const [answer] = await shelf.settlementIsDue('the last look');
      expect(answer === 'done').toBe(!(cancelled && (stockKept || moneyKept)));
      if (answer !== 'done') {
        expect(answer?.includes('its stock is still held')).toBe(stockKept);
        expect(answer?.includes('its money is not refunded')).toBe(moneyKept);
      }
    }),
    { numRuns: 500 },
  );
});

test('an order that was placed has ended, or is confirmed, once its deadline has passed', async () => {
  await fc.assert(
    fc.asyncProperty(arrivals, mishaps, async (arrivals, mishaps) => {
      fc.pre(came(arrivals, 'cart'));
      const shelf = await orderAfter([...arrivals, { back: 'deadline' }], mishaps);

      expect(inWords(shelf)).toMatch(/OrderConfirmed|OrderCancelled/);
    }),
  );
});
