import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { checkSchemas } from '../../../schemas/compiler/check.ts';
import type { Shape } from '../../../schemas/compiler/shape.ts';
import * as facts from '../../../schemas/generated/facts.ts';

/**
 * What people outside the project rely on. It is written down here once more, so that nobody changes it by the way:
 * `?` marks what may be absent, `[…]` a list's items, `=` the values that a field can have.
 */
const published = `
shop.inventory     InventoryReleased           orderId reservationId lines[sku quantity]
shop.inventory     InventoryReservationFailed  orderId shortages[sku requested available]
shop.inventory     InventoryReserved           orderId reservationId lines[sku quantity]
shop.inventory     StockDepleted               sku
shop.notifications NotificationSent            orderId? customerId channel=email template notificationId
shop.orders        OrderCancellationRejected   orderId reason=too_late|already_cancelled
shop.orders        OrderCancelled              orderId customerId reason=out_of_stock|payment_failed|shipment_failed|requested|deadline_passed
shop.orders        OrderConfirmed              orderId customerId currency total lines[sku quantity] shippingAddress paymentId
shop.orders        OrderPlaced                 orderId cartId customerId currency lines[sku quantity unitPrice] total paymentMethod shippingAddress
shop.orders        OrderShipped                orderId customerId shipmentId trackingCode
shop.payments      PaymentCaptured             orderId paymentId amount currency
shop.payments      PaymentFailed               orderId paymentId amount currency reason=declined|insufficient_funds|expired
shop.payments      PaymentRefunded             orderId paymentId amount currency
shop.shipping      ShipmentDispatched          orderId shipmentId trackingCode
shop.shipping      ShipmentFailed              orderId shipmentId reason=address_unreachable|carrier_refused|carrier_unavailable
shop.storefront    CartCheckedOut              cartId customerId currency lines[sku quantity unitPrice] paymentMethod shippingAddress
shop.storefront    OrderCancellationRequested  orderId reason?
shop.warehouse     StockReceived               sku quantity deliveryId
`;

const versions = checkSchemas(resolve(import.meta.dirname, '../../../schemas'));

test('the facts and their fields are the published ones', () => {
  const described = versions.map(({ source, fact, shape }) => `${source} ${fact} ${inWords(shape)}`);
  const expected = published
    .trim()
    .split('\n')
    .map((line) => line.replaceAll(/ +/g, ' '));
  expect(described.sort()).toEqual(expected);
});

test('every fact is exported under its name, in its latest version', () => {
  const exported = Object.entries(facts).map(([name, { type, source, schemaVersion }]) => ({
    name,
    type,
    source,
    schemaVersion,
  }));
  const expected = versions.map(({ fact, source }) => ({ name: fact, type: fact, source, schemaVersion: 1 }));
  expect(exported).toEqual(expected);
});

test('no field holds what identifies a person', () => {
  const telling = /name|mail|phone|street|city|birth|iban|card/i;
  expect(
    versions.map(({ shape }) => inWords(shape)).filter((fields) => telling.test(fields.replace('channel=email', ''))),
  ).toEqual([]);
});

function inWords(shape: Shape): string {
  if (shape.type === 'array') return `[${inWords(shape.items)}]`;
  if (shape.type !== 'object') return Array.isArray(shape.limits.enum) ? `=${shape.limits.enum.join('|')}` : '';
  return shape.fields.map(({ name, required, shape }) => `${name}${required ? '' : '?'}${inWords(shape)}`).join(' ');
}
