import { describe, expect, it } from 'vitest';
import type { Commit } from '../../../functions/backbone/event-store.ts';
import { factsOf, flowOf, timesOfCauses } from '../../../operations/streams/flow.ts';
import { waterfallOf } from '../../../operations/streams/waterfall.ts';

const START = Date.parse('2026-01-31T12:00:00.000Z');

/** A commit of one fact, so many milliseconds after the start. */
function committed(
  stream: string,
  type: string,
  id: string,
  causationId: string,
  afterMs: number,
  { isPrivate = false, causeMs = undefined as number | undefined } = {},
): Commit {
  return {
    stream,
    version: 1,
    time: new Date(START + afterMs).toISOString(),
    correlationId: 'cart',
    causes: [{ subscription: 's', eventId: causationId, ...(causeMs !== undefined && { timeMs: START + causeMs }) }],
    facts: [
      {
        id,
        type,
        data: {},
        causationId,
        hops: 1,
        ...(!isPrivate && { published: { source: 'shop.s', sequence: 1, schemaVersion: 1 } }),
      },
    ],
  };
}

const orders = [
  committed('order#1', 'OrderPlaced', 'placed', 'cart', 1_000, { causeMs: 0 }),
  committed('order#1', 'OrderConfirmed', 'confirmed', 'captured', 4_000),
];
const inventory = [committed('reservation#1', 'InventoryReserved', 'reserved', 'placed', 2_000)];
const payments = [
  committed('payment#1', 'TermsNoted', 'terms', 'placed', 1_500, { isPrivate: true }),
  committed('payment#1', 'PaymentCaptured', 'captured', 'reserved', 3_000),
];

function flow() {
  const facts = [...factsOf('orders', orders), ...factsOf('inventory', inventory), ...factsOf('payments', payments)];
  return flowOf(facts, timesOfCauses([...orders, ...inventory, ...payments]));
}

describe('a flow', () => {
  it('stands under the event that began it, each fact under its cause, by time', () => {
    const outline = waterfallOf(flow(), 9).lines.map(({ branch, step }) => `${branch}${step.type ?? step.id}`);
    expect(outline).toEqual([
      'cart',
      '└ OrderPlaced',
      '  ├ TermsNoted',
      '  └ InventoryReserved',
      '    └ PaymentCaptured',
      '      └ OrderConfirmed',
    ]);
  });

  it('has a bar for each fact from its cause to itself', () => {
    const { lines, durationMs, startMs } = waterfallOf(flow(), 9);
    expect([startMs, durationMs]).toEqual([START, 4_000]);
    expect(lines.map(({ bar }) => bar)).toEqual(['▏', '███', '  ██', '  ███', '    ███', '      ███']);
    expect(lines.map(({ sinceStartMs, tookMs }) => [sinceStartMs, tookMs])).toEqual([
      [0, undefined],
      [1_000, 1_000],
      [1_500, 500],
      [2_000, 1_000],
      [3_000, 1_000],
      [4_000, 1_000],
    ]);
  });

  it('begins with its first fact where nobody noted when the event from outside happened', () => {
    const [placed] = factsOf('orders', [committed('order#1', 'OrderPlaced', 'placed', 'cart', 1_000)]);
    const { lines } = waterfallOf(flowOf(placed === undefined ? [] : [placed], new Map()), 9);
    expect(lines.map(({ sinceStartMs, tookMs, bar }) => [sinceStartMs, tookMs, bar])).toEqual([
      [0, undefined, '▏'],
      [0, undefined, '█'],
    ]);
  });

  it('shows a fact that is dated before its cause where its cause is', () => {
    const late = [committed('a#1', 'A', 'a', 'cart', 1_000, { causeMs: 0 }), committed('b#1', 'B', 'b', 'a', 900)];
    const { lines } = waterfallOf(flowOf(factsOf('a', late), timesOfCauses(late)), 11);
    expect(lines.at(-1)).toMatchObject({ tookMs: -100, bar: `${' '.repeat(10)}█` });
  });

  it('shows a fact once, though two contexts tell of it', () => {
    const facts = factsOf('orders', orders);
    expect(
      waterfallOf(flowOf([...facts, ...facts], new Map()), 9).lines.filter(({ step }) => step.id === 'placed'),
    ).toHaveLength(1);
  });
});
