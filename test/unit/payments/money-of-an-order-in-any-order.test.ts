import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Received } from '../../../functions/backbone/envelope.ts';
import type { PaymentInput } from '../../../functions/payments/decider.ts';
import { received } from '../backbone/received.ts';
import type { AppendScript } from '../backbone/scripted-event-store.ts';
import { inventoryReserved, orderCancelled, orderPlaced } from '../orders/mug-order.ts';
import type { Mishap } from './forgetful-provider.ts';
import { PaymentsDesk } from './payments-desk.ts';

const mishap = fc.constantFrom<Mishap & AppendScript>(
  'fails before it takes effect',
  'takes effect, and its answer is lost',
);
const calls = fc.array(fc.option(mishap, { nil: 'none' as const }), { maxLength: 6 });
const appends = fc.array(fc.option(mishap, { nil: 'undisturbed' as const }), { maxLength: 8 });
/** At once, after the fence, and after the provider's memory. */
const waits = fc.array(fc.constantFrom(0, 1_000, 91_000, 23.9 * 3600_000, 25 * 3600_000), { maxLength: 6 });

/** Any order of these events, each up to three times, in batches, some of which are handled at the same time. */
function arrivals(...events: readonly Received<PaymentInput>[]) {
  const again = fc.array(fc.constantFrom(...events), { maxLength: 4 });
  return again
    .chain((more) => fc.shuffledSubarray([...events, ...more], { minLength: events.length + more.length }))
    .chain((all) =>
      fc
        .array(fc.constantFrom('same batch', 'other instance', 'later'), {
          minLength: all.length,
          maxLength: all.length,
        })
        .map((how) => {
          const rounds: Received<PaymentInput>[][][] = [[[]]];
          for (const [n, event] of all.entries()) {
            if (how[n] === 'later') rounds.push([[]]);
            if (how[n] === 'other instance') rounds.at(-1)?.push([]);
            rounds.at(-1)?.at(-1)?.push(event);
          }
          return rounds;
        }),
    );
}

function placed(paymentMethod: string, total = 2500) {
  return received('placed', { ...orderPlaced, data: { ...orderPlaced.data, paymentMethod, total } });
}
const reserved = received('reserved', inventoryReserved);
const cancelled = received('cancelled', orderCancelled('requested'));

test('an order is charged once, whatever comes in whatever order, and whatever fails', async () => {
  await fc.assert(
    fc.asyncProperty(
      arrivals(placed('tok_ok'), reserved),
      calls,
      appends,
      waits,
      async (rounds, calls, appends, waits) => {
        const desk = new PaymentsDesk({ calls, appends });
        await desk.settle(rounds, waits);
        expect({ taken: desk.provider.taken, ...desk.published }).toEqual({ taken: 2500, PaymentCaptured: 1 });
      },
    ),
    { numRuns: 300 },
  );
});

test('nothing is kept of a cancelled order', async () => {
  const three = arrivals(placed('tok_ok'), reserved, cancelled);
  await fc.assert(
    fc.asyncProperty(three, calls, appends, waits, async (rounds, calls, appends, waits) => {
      const desk = new PaymentsDesk({ calls, appends });
      await desk.settle(rounds, waits);
      expect(desk.provider.taken - desk.provider.givenBack).toBe(0);
      const { PaymentCaptured = 0, PaymentRefunded = 0, ...others } = desk.published;
      expect({ refunds: PaymentRefunded, others }).toEqual({ refunds: PaymentCaptured, others: {} });
      expect(PaymentCaptured * 2500).toBe(desk.provider.taken);
    }),
    { numRuns: 500 },
  );
});

/*
 *     reserved:    … charge begun ── call ╳ no answer, again and again: its dead-letter queue
 *     cancelled:                                                       … alone has to undo what may have happened
 */
test('once its cancellation is handled nothing is kept of an order, whichever other events were lost', async () => {
  const three = arrivals(placed('tok_ok'), reserved, cancelled);
  await fc.assert(
    fc.asyncProperty(three, calls, appends, waits, async (rounds, calls, appends, waits) => {
      const desk = new PaymentsDesk({ calls, appends });
      for (const [n, round] of rounds.entries()) {
        await Promise.all(round.map((batch) => desk.handle(...batch)));
        desk.clock.advance(waits[n] ?? 0);
      }
      await desk.settle([[[cancelled]]], []);

      expect(desk.provider.taken - desk.provider.givenBack).toBe(0);
      const { PaymentCaptured = 0, PaymentRefunded = 0 } = desk.published;
      expect([PaymentCaptured * 2500, PaymentRefunded * 2500]).toEqual([desk.provider.taken, desk.provider.givenBack]);
    }),
    { numRuns: 500 },
  );
});

test('a declined order is told once, and nothing is taken or given back', async () => {
  const three = arrivals(placed('tok_declined'), reserved, cancelled);
  await fc.assert(
    fc.asyncProperty(three, calls, waits, async (rounds, calls, waits) => {
      const desk = new PaymentsDesk({ calls });
      await desk.settle(rounds, waits);
      expect([desk.provider.taken, desk.provider.givenBack]).toEqual([0, 0]);
      expect(desk.published).toSatisfy(
        ({ PaymentFailed = 0, ...others }) => PaymentFailed <= 1 && !Object.keys(others).length,
      );
    }),
  );
});

test('a total of 0 needs nobody outside', async () => {
  await fc.assert(
    fc.asyncProperty(arrivals(placed('tok_ok', 0), reserved), async (rounds) => {
      const desk = new PaymentsDesk();
      await desk.settle(rounds, []);
      expect(desk.published).toEqual({ PaymentCaptured: 1 });
      expect(
        await desk.provider.ask({
          type: 'charge',
          key: 'pay-order-c1/charge/1',
          amount: 0,
          currency: 'EUR',
          paymentMethod: '',
        }),
      ).toEqual({
        type: 'ChargeNotFound',
        data: null,
      });
    }),
  );
});
