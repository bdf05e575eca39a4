import fc from 'fast-check';
import { expect, test } from 'vitest';
import { deliveryPortrait } from '../../../docs/state-machines/delivery.ts';
import type { Graph } from '../../../docs/state-machines/graph.ts';
import { orderPortrait } from '../../../docs/state-machines/order.ts';
import { paymentPortrait } from '../../../docs/state-machines/payment.ts';
import type { Portrait } from '../../../docs/state-machines/portrait.ts';
import { reservationPortrait } from '../../../docs/state-machines/reservation.ts';
import { shipmentPortrait } from '../../../docs/state-machines/shipment.ts';
import { shopGraphs } from '../../../docs/state-machines/shop.ts';
import type { OutsideCall } from '../../../functions/backbone/aggregate.ts';
import type { Commit } from '../../../functions/backbone/event-store.ts';
import type { Fact } from '../../../functions/backbone/fact.ts';
import { foldCommits } from '../../../functions/backbone/stream.ts';
import type { AppendScript } from '../backbone/scripted-event-store.ts';
import { RunningShop, STOCK, type Wish } from './running-shop.ts';

const wishes: fc.Arbitrary<Wish> = fc.record({
  quantity: fc.constantFrom(STOCK, STOCK, STOCK + 1),
  unitPrice: fc.constantFrom(1250, 1250, 0),
  paymentMethod: fc.constantFrom('tok_ok', 'tok_ok', 'tok_declined', 'tok_flaky', 'tok_down'),
  shippingAddress: fc.constantFrom('addr_ok', 'addr_ok', 'addr_unreachable', 'addr_flaky', 'addr_down'),
});
const appends = fc.array(
  fc.constantFrom<AppendScript>(
    'undisturbed',
    'undisturbed',
    'fails before it takes effect',
    'takes effect, and its answer is lost',
  ),
  { maxLength: 12 },
);
/** What comes next, a pick of them all together: mostly what has not come yet and does not disturb. */
const turns = fc.array(
  fc.record({
    among: fc.oneof({ weight: 5, arbitrary: fc.constant('undisturbed') }, { weight: 1, arbitrary: fc.constant('all') }),
    picks: fc.array(fc.nat({ max: 50 }), { minLength: 1, maxLength: 2 }),
    // At once, after the fence, and after the memory of the outside.
    waitMs: fc.constantFrom(0, 0, 0, 91_000, 25 * 3600_000),
  }),
  { minLength: 10, maxLength: 40, size: 'max' },
);

/** A step as a stream shows it: from which state to which, with which facts. */
type SeenStep = string;

const graphs = new Map(shopGraphs().map((graph) => [graph.machine.name, graph]));

test('undisturbed, the running shop ships an order', async () => {
  const shop = new RunningShop(
    { quantity: STOCK, unitPrice: 1250, paymentMethod: 'tok_ok', shippingAddress: 'addr_ok' },
    [],
  );
  const next = () => shop.arrivals.find(({ isFirst, disturbs }) => isFirst && !disturbs);
  for (let arrival = next(); arrival !== undefined; arrival = next()) await arrival.happens();
  expect(shop.commits('order#order-c1').at(-1)?.facts).toMatchObject([{ type: 'OrderShipped' }]);
});

test('whatever the running shop does, the pictures and their tables show it', { timeout: 30_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(wishes, appends, turns, async (wish, appends, turns) => {
      const shop = new RunningShop(wish, appends);
      for (const { among, picks, waitMs } of turns) {
        const all = shop.arrivals;
        const undisturbed = all.filter(({ isFirst, disturbs }) => isFirst && !disturbs);
        const arrivals = among === 'all' || undisturbed.length === 0 ? all : undisturbed;
        await Promise.allSettled(picks.map((pick) => arrivals[pick % arrivals.length]?.happens()));
        shop.clock.advance(waitMs);
      }
      expect(notShown(orderPortrait, shop.commits('order#order-c1'))).toEqual([]);
      expect(notShown(reservationPortrait, shop.commits('reservation#order-c1'))).toEqual([]);
      expect(notShown(paymentPortrait, shop.commits('payment#order-c1'))).toEqual([]);
      expect(notShown(shipmentPortrait, shop.commits('shipment#order-c1'))).toEqual([]);
      expect(notShown(deliveryPortrait, shop.commits('delivery#d1#mug'))).toEqual([]);
    }),
  );
});

/** The steps of a stream that its picture does not have. */
function notShown<State, Input extends Fact, Decided extends Fact, Call extends OutsideCall, Name extends string>(
  { aggregate, nameOf }: Portrait<State, Input, Decided, Call, Name>,
  commits: readonly Commit[],
): readonly SeenStep[] {
  const stateAfter = (version: number) => nameOf(foldCommits(aggregate, 'any', commits.slice(0, version)).state);
  const shown = stepsOf(graphs.get(aggregate.name));
  return commits
    .filter(({ facts }) => facts.length > 0)
    .map(({ version, facts }) => seen(stateAfter(version - 1), stateAfter(version), facts))
    .filter((step) => !shown.has(step));
}

function stepsOf(graph: Graph | undefined): ReadonlySet<SeenStep> {
  if (graph === undefined) return new Set();
  const { arrows, states } = graph;
  const all = [...arrows, ...states.map(({ name, stays }) => ({ from: name, to: name, lines: stays }))];
  return new Set(all.flatMap(({ from, to, lines }) => lines.map(({ facts }) => seen(from, to, facts))));
}

function seen(from: string, to: string, facts: readonly { readonly type: string }[]): SeenStep {
  return `${from} → ${to}: ${facts.map(({ type }) => type).join(', ')}`;
}
