import { expect, test } from 'vitest';
import { assertFits } from '../../../functions/backbone/envelope.ts';
import type { ItemChange } from '../../../functions/backbone/relay-function.ts';
import { stockDepleted } from '../../../functions/inventory/stock.ts';
import { StockDepleted } from '../../../schemas/generated/facts.ts';

const change = (before: number | undefined, after: number, about: Partial<ItemChange> = {}): ItemChange => ({
  key: { pk: 'stock#mug', sk: 0 },
  before: before === undefined ? {} : { available: before, changes: 6 },
  after: { available: after, changes: 7 },
  atMs: Date.parse('2026-01-31T12:00:00.000Z'),
  ...about,
});

test('when the last piece is promised, that is told, under an id that is the same however often it is relayed', () => {
  const told = stockDepleted(change(2, 0));

  expect(told).toEqual([
    {
      metadata: {
        id: '32798065-55d9-58fe-b56f-0ae709869b10',
        time: '2026-01-31T12:00:00.000Z',
        type: 'StockDepleted',
        source: 'shop.inventory',
        subject: 'stock#mug',
        schemaVersion: 1,
        correlationId: '32798065-55d9-58fe-b56f-0ae709869b10',
        hops: 0,
      },
      data: { sku: 'mug' },
    },
  ]);
  expect(stockDepleted(change(2, 0))).toEqual(told);
  for (const { data } of told) assertFits(StockDepleted, data);
});

test('depleted another time is another fact', () => {
  const [again] = stockDepleted(change(2, 0, { after: { available: 0, changes: 9 } }));

  expect(again?.metadata.id).not.toBe(stockDepleted(change(2, 0))[0]?.metadata.id);
});

test.each([
  ['there is some left', change(2, 1)],
  ['there was none before', change(0, 0)],
  ['it comes in', change(0, 5)],
  ['it was never available', change(undefined, 0)],
  ['the item is no stock', change(2, 0, { key: { pk: 'order#order-c1', sk: 3 } })],
])('nothing is told when %s', (_, change) => {
  expect(stockDepleted(change)).toEqual([]);
});
