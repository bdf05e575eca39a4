/** A message body as EventBridge puts it into a queue. */
export function eventBridgeMessage(detail: unknown, about: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({
    version: '0',
    id: 'bus-1',
    'detail-type': 'OrderShipped',
    source: 'shop.orders',
    account: '123456789012',
    time: '2026-01-31T12:00:00Z',
    region: 'eu-central-1',
    resources: [],
    detail,
    ...about,
  });
}

/** Data that fits the fact of `eventBridgeMessage`. */
export const shippedOrder = {
  orderId: 'order-c1',
  customerId: 'cus-7',
  shipmentId: 'ship-order-c1',
  trackingCode: 'track-1',
};
