import { eventBridgeMessage } from '../../unit/backbone/eventbridge-message.ts';
import { drain, type ToSend } from './bare-stage.ts';

/** A cart that failed; every third one for another reason than the rest. */
export function deadCart(
  n: number,
  { currency = 'EUR', reason = n % 3 === 0 ? 'expiring' : 'transient_failure' } = {},
): ToSend {
  const data = {
    cartId: `c${n}`,
    customerId: 'cus-7',
    ...(currency !== '' && { currency }),
    lines: [{ sku: 'mug-blue', quantity: 1, unitPrice: n }],
    paymentMethod: 'tok_ok',
    shippingAddress: 'addr_ok',
  };
  return {
    body: eventBridgeMessage(
      { metadata: { id: `cart-${n}` }, data },
      { 'detail-type': 'CartCheckedOut', source: 'shop.storefront' },
    ),
    attributes: {
      reason,
      errorName: 'Error',
      errorMessage: 'the table was throttled',
      attempts: '20',
      consumer: 'orders',
    },
  };
}

/** So many of them. */
export const carts = (count: number) => Array.from({ length: count }, (_, n) => deadCart(n));

/** The events in a queue, by their ids. */
export async function eventsIn(queueUrl: string): Promise<readonly string[]> {
  return (await drain(queueUrl)).map(({ Body = '' }) => JSON.parse(Body).detail.metadata.id).sort();
}

/** The ids of the events of so many carts. */
export const idsOf = (count: number) => Array.from({ length: count }, (_, n) => `cart-${n}`).sort();
