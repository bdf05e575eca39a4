import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { ReadModel } from '../../functions/backbone/read-model.ts';
import type { Customers } from '../../functions/notifications/customers.ts';
import { orderCustomersConsumer } from '../../functions/notifications/customers-consumer.ts';
import { invocation } from '../unit/backbone/invocation.ts';
import { received } from '../unit/backbone/received.ts';
import { orderPlaced } from '../unit/orders/mug-order.ts';

/** Who knows whose order it is, together with the read model that they know it from. */
export interface CustomersAndTheirModel {
  readonly customers: Customers;
  readonly model: ReadModel;
}

/**
 * What everybody must do who knows whose order it is. Orders are each test's own, so that many runs can share one
 * table.
 *
 * @param name of the implementation
 * @param create called once for each test
 */
export function customersConformance(name: string, create: () => CustomersAndTheirModel): void {
  describe(`${name} know whose order it is`, () => customersOf(create));
}

/** Lets the projection hear of an order. */
async function hear(model: ReadModel, orderId: string, customerId: string): Promise<void> {
  const placed = { ...orderPlaced, data: { ...orderPlaced.data, orderId, customerId } };
  await Promise.all(orderCustomersConsumer(model).handle([received(randomUUID(), placed)], invocation()));
}

function customersOf(create: () => CustomersAndTheirModel): void {
  test('of an order that nobody heard of no customer is known', async () => {
    expect(await create().customers.of(randomUUID())).toBeUndefined();
  });

  test('the customer is known as soon as the order is heard of', async () => {
    const { customers, model } = create();
    const orderId = randomUUID();

    await hear(model, orderId, 'cus-7');

    expect(await customers.of(orderId)).toBe('cus-7');
  });

  test('it stays the same, however often it is heard of', async () => {
    const { customers, model } = create();
    const orderId = randomUUID();

    await hear(model, orderId, 'cus-7');
    await hear(model, orderId, 'cus-8');

    expect(await customers.of(orderId)).toBe('cus-7');
  });

  test('orders are kept apart', async () => {
    const { customers, model } = create();
    const orderId = randomUUID();

    await hear(model, orderId, 'cus-7');

    expect(await customers.of(`${orderId}0`)).toBeUndefined();
  });
}
