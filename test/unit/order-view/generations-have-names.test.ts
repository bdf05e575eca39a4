import { expect, test } from 'vitest';
import { generationNamed, orderViewOf } from '../../../functions/order-view/generations.ts';
import { orderView } from '../../../functions/order-view/subscriptions.ts';

test('the first generation has the name that it was deployed under, and every other one its own', () => {
  expect([1, 2, 12].map((generation) => orderViewOf(generation).name)).toEqual([
    'order-view',
    'order-view-2',
    'order-view-12',
  ]);
  expect(orderViewOf(2).facts).toBe(orderView.facts);
});

test('a name leads back to its generation, and one of something else to none', () => {
  for (const generation of [1, 2, 12, 999]) {
    expect(generationNamed(orderViewOf(generation).name)).toBe(generation);
  }
  for (const name of [
    'order-view-1',
    'order-view-02',
    'order-view-2-dlq',
    'order-view-',
    'order-view-1000',
    'orders',
  ]) {
    expect(generationNamed(name)).toBeUndefined();
  }
});
