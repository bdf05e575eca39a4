import fc from 'fast-check';
import { expect, test } from 'vitest';
import { assertFits, readEvent, UnreadableEvent } from '../../../functions/backbone/envelope.ts';
import { subscription } from '../../../functions/backbone/subscription.ts';
import { OrderCancelled, OrderPlaced, OrderShipped } from '../../../schemas/generated/facts.ts';
import { ManualClock } from '../../manual-clock.ts';
import { eventBridgeMessage, shippedOrder } from './eventbridge-message.ts';

const watcher = subscription('watcher', { OrderShipped, OrderPlaced, OrderCancelled });
const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
const clock = new ManualClock();

function refusal(body: string): UnreadableEvent {
  try {
    readEvent(watcher, body, clock);
  } catch (error) {
    if (error instanceof UnreadableEvent) return error;
    throw error;
  }
  throw new Error('it was read');
}

test.each([
  ['no JSON', '{"id":', 'malformed', /^the message is not JSON$/],
  ['no event', '{"orderId":"order-c1"}', 'not_an_event', /^the message is not an EventBridge event/],
  ['a list', '[]', 'not_an_event', /^the message is not an EventBridge event/],
  ['an event without detail', eventBridgeMessage(null), 'not_an_event', /an object as detail$/],
  ['an event without a time', eventBridgeMessage({}, { time: 'noon' }), 'not_an_event', /id, time/],
])('%s is refused', (_, body, reason, message) => {
  expect(refusal(body)).toMatchObject({ reason, message: expect.stringMatching(message) });
});

test('what is wrong with JSON is told by its cause', () => {
  expect(refusal('{"id":').cause).toBeInstanceOf(SyntaxError);
});

test.each(['NobodysFact', '__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
  'the fact %s is unknown',
  (type) => {
    expect(refusal(eventBridgeMessage(shippedOrder, { 'detail-type': type }))).toMatchObject({
      reason: 'unknown_fact',
      message: `watcher does not handle ${type} of shop.orders, but OrderShipped of shop.orders, OrderPlaced of shop.orders, OrderCancelled of shop.orders`,
    });
  },
);

test("a known fact of somebody else's is unknown", () => {
  expect(refusal(eventBridgeMessage(shippedOrder, { source: 'shop.payments' })).reason).toBe('unknown_fact');
});

test('a version that is not known is refused, and told which one is', () => {
  expect(refusal(eventBridgeMessage({ metadata: { schemaVersion: 2 }, data: shippedOrder }))).toMatchObject({
    reason: 'unknown_version',
    message: 'watcher knows OrderShipped in version 1, not in version 2',
  });
});

test('32 events one behind the other are taken for a loop', () => {
  expect(refusal(eventBridgeMessage({ metadata: { hops: 32 }, data: shippedOrder }))).toMatchObject({
    reason: 'too_many_hops',
    message: 'OrderShipped has come over 32 events: taken for a loop',
  });
});

test('an event from more than five minutes ahead is refused', () => {
  const metadata = { time: '2026-01-31T12:05:00.001Z' };

  expect(refusal(eventBridgeMessage({ metadata, data: shippedOrder }))).toMatchObject({
    reason: 'from_the_future',
    message: 'OrderShipped is dated 2026-01-31T12:05:00.001Z, more than 5 minutes ahead of now',
  });
});

test.each([
  ['type', 'OrderPlaced', 'is OrderPlaced, but the bus carried OrderShipped'],
  ['source', 'shop.payments', 'is shop.payments, but the bus carried shop.orders'],
])('metadata that claims another %s than the bus carried is refused', (field, value, what) => {
  expect(refusal(eventBridgeMessage({ metadata: { [field]: value }, data: shippedOrder }))).toMatchObject({
    reason: 'not_an_event',
    faults: [{ where: `metadata.${field}`, what }],
  });
});

const neverRight = [null, '', 'x'.repeat(257), -1, 1.5, 2 ** 53, true, [], {}];
const anId = 'must be an id: 1 to 64 letters, digits and ._:-';
const aTime = 'must be an RFC 3339 time, such as 2026-01-31T12:00:00.000Z';
const aText = 'must be a text of 1 to 256 characters';
const anOrdinal = 'must be a whole number from 1';
const noId = [...neverRight, 'x'.repeat(65), 'two words', 'ünlaut', 'e1\n', 'a#b', 'a/b'];

test.each([
  ['id', anId, noId],
  [
    'time',
    aTime,
    [
      ...neverRight,
      '2026-01-31',
      '2026-01-31T12:00:00+01:00',
      '2026-13-31T12:00:00Z',
      '2026-02-30T12:00:00Z',
      '2026-01-31T24:00:00Z',
      '2026-01-31T12:00:00Z (noon)',
      'now',
    ],
  ],
  ['type', aText, neverRight],
  ['source', aText, neverRight],
  ['subject', aText, neverRight],
  ['version', anOrdinal, [...neverRight, 0, '1']],
  ['sequence', anOrdinal, [...neverRight, 0, '1']],
  ['schemaVersion', anOrdinal, [...neverRight, 0, '1']],
  ['correlationId', anId, noId],
  ['correlationTime', aTime, [...neverRight, 'now']],
  ['causationId', anId, noId],
  [
    'traceparent',
    'must be a W3C traceparent',
    [
      ...neverRight,
      '00-0-0-00',
      `00-${'A'.repeat(32)}-${'b'.repeat(16)}-01`,
      ` ${traceparent}`,
      `${traceparent}-more`,
      [traceparent],
    ],
  ],
  ['hops', 'must be a whole number from 0', [...neverRight, '1']],
])('a wrong %s is refused by its name, and told what it must be', (field, what, values) => {
  for (const value of values) {
    const { reason, faults } = refusal(eventBridgeMessage({ metadata: { [field]: value }, data: shippedOrder }));
    const told = faults.filter((fault) => fault.what === what).map(({ where }) => where);
    expect({ value, reason, told, faults: faults.length }).toEqual({
      value,
      reason: 'not_an_event',
      told: [`metadata.${field}`],
      faults: 1,
    });
  }
});

test('all that is wrong with the metadata is told at once', () => {
  const metadata = { id: '', hops: -1, version: 0 };

  expect(refusal(eventBridgeMessage({ metadata, data: shippedOrder })).message).toBe(
    'the metadata is broken; metadata.id must be an id: 1 to 64 letters, digits and ._:-; ' +
      'metadata.version must be a whole number from 1; metadata.hops must be a whole number from 0',
  );
});

test('metadata that is no object is refused', () => {
  expect(refusal(eventBridgeMessage({ metadata: 'mine', data: shippedOrder }))).toMatchObject({
    reason: 'not_an_event',
    message: 'the event is broken; metadata must be an object',
  });
});

test('data that does not fit is refused with where and what', () => {
  const data = { ...shippedOrder, customerId: 7, trackingCode: undefined };

  expect(refusal(eventBridgeMessage({ data })).faults).toEqual([
    { where: 'data', what: "must have required property 'trackingCode'" },
    { where: 'data/customerId', what: 'must be string' },
  ]);
});

test('of a choice it is told what there is to choose from', () => {
  const data = { orderId: 'order-c1', customerId: 'cus-7', reason: 'bored' };

  expect(refusal(eventBridgeMessage(data, { 'detail-type': 'OrderCancelled' })).faults).toEqual([
    {
      where: 'data/reason',
      what:
        'must be equal to one of the allowed values: ' +
        '["out_of_stock","payment_failed","shipment_failed","requested","deadline_passed"]',
    },
  ]);
});

test('a fault for which its validator has no words is told by the rule', () => {
  const accepts = Object.assign((_: unknown): _ is never => false, {
    errors: [{ instancePath: '/coins/0', keyword: 'isShiny', params: {} }],
  });

  expect(() => assertFits({ type: 'CoinKept', source: 'toy.jars', schemaVersion: 3, accepts }, {})).toThrow(
    'CoinKept does not fit its schema in version 3; data/coins/0 violates isShiny',
  );
});

/** An order of so many lines, and as many faults. */
const orderOfNothing = (lines: number) => ({
  orderId: 'o',
  cartId: 'c',
  customerId: 'c',
  currency: 'EUR',
  lines: Array.from({ length: lines }, () => ({ sku: 'mug', quantity: 0, unitPrice: 1 })),
  total: 8,
  paymentMethod: 't',
  shippingAddress: 'a',
});

test('of many faults the message names five, the error all', () => {
  const { message, faults } = refusal(eventBridgeMessage(orderOfNothing(8), { 'detail-type': 'OrderPlaced' }));

  expect(faults[7]).toEqual({ where: 'data/lines/7/quantity', what: 'must be >= 1' });
  expect(message).toMatch(/data\/lines\/4\/quantity must be >= 1; and 3 more$/);
});

test('of five faults the message names all', () => {
  const { message } = refusal(eventBridgeMessage(orderOfNothing(5), { 'detail-type': 'OrderPlaced' }));

  expect(message).toMatch(/data\/lines\/4\/quantity must be >= 1$/);
});

const readOrRefused = (body: string) => {
  try {
    readEvent(watcher, body, clock);
  } catch (error) {
    expect(error).toBeInstanceOf(UnreadableEvent);
  }
};

test('no text is answered by any other error', () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json({ maxDepth: 2 })), readOrRefused));
});

test('no detail and no metadata is answered by any other error', () => {
  const value = fc.oneof(fc.jsonValue(), fc.constant(shippedOrder));
  const detail = fc.oneof(value, fc.record({ data: value, metadata: value }, { requiredKeys: [] }));
  fc.assert(
    fc.property(detail, (detail) => readOrRefused(eventBridgeMessage(detail))),
    { numRuns: 200 },
  );
});

test('no envelope is answered by any other error', () => {
  const about = fc.dictionary(
    fc.constantFrom('id', 'time', 'source', 'detail-type', 'replay-name', '__proto__', 'constructor'),
    fc.jsonValue(),
  );
  fc.assert(fc.property(about, (about) => readOrRefused(eventBridgeMessage(shippedOrder, about))));
});
