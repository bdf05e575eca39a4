import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Metadata, parseEnvelope, readEvent } from '../../../functions/backbone/envelope.ts';
import { subscription } from '../../../functions/backbone/subscription.ts';
import { OrderShipped } from '../../../schemas/generated/facts.ts';
import { ManualClock } from '../../manual-clock.ts';
import { givenMetadata } from './arbitrary-metadata.ts';
import { eventBridgeMessage, shippedOrder } from './eventbridge-message.ts';

const shipped = subscription('watcher', { OrderShipped });
const clock = new ManualClock();
const fromTheBus = { id: 'bus-1', time: '2026-01-31T12:00:00Z', type: 'OrderShipped', source: 'shop.orders' };

test('the metadata that a producer gave is read as it is', () => {
  fc.assert(
    fc.property(givenMetadata, (metadata) => {
      const event = readEvent(shipped, eventBridgeMessage({ metadata, data: shippedOrder }), clock);
      expect(event.metadata).toMatchObject({
        ...fromTheBus,
        schemaVersion: 1,
        correlationId: metadata.id ?? 'bus-1',
        hops: 0,
        ...metadata,
      });
      expect(event.timeGiven).toBe(metadata.time !== undefined);
    }),
  );
});

test.each([
  ['the bare data', shippedOrder],
  ['{ data }', { data: shippedOrder }],
  ['{ metadata, data }', { metadata: {}, data: shippedOrder }],
])('%s is an event, and what is missing of its metadata is filled from the bus', (_, detail) => {
  expect(readEvent(shipped, eventBridgeMessage(detail), clock)).toEqual({
    type: 'OrderShipped',
    data: shippedOrder,
    timeGiven: false,
    metadata: {
      ...fromTheBus,
      schemaVersion: 1,
      correlationId: 'bus-1',
      correlationTime: fromTheBus.time,
      traceparent: expect.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/),
      hops: 0,
    },
  });
});

test('an event that belongs to a flow already does not begin it', () => {
  const metadata = { id: 'e2', correlationId: 'e1' };

  const event = readEvent(shipped, eventBridgeMessage({ metadata, data: shippedOrder }), clock);

  expect(event.metadata).not.toHaveProperty('correlationTime');
});

test('any data comes through any of the three forms alike', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (data) => {
      fc.pre(!Object.hasOwn(data, 'data'));
      const json: unknown = JSON.parse(JSON.stringify(data));
      for (const detail of [data, { data }, { metadata: {}, data }]) {
        expect(parseEnvelope(eventBridgeMessage(detail)).data).toEqual(json);
      }
    }),
  );
});

test('data with a field named data is not taken for an envelope', () => {
  const data = { data: 'raw', orderId: 'order-c1' };

  expect(parseEnvelope(eventBridgeMessage(data)).data).toEqual(data);
});

test('a text may have 256 characters', () => {
  const metadata = { subject: 's'.repeat(256) };

  expect(readEvent(shipped, eventBridgeMessage({ metadata, data: shippedOrder }), clock).metadata.subject).toHaveLength(
    256,
  );
});

test('fields that nobody knows are left out of the metadata', () => {
  const metadata = { id: 'e1', mood: 'good' };

  const known: Metadata = parseEnvelope(eventBridgeMessage({ metadata, data: {} })).delivery.metadata;

  expect(known).not.toHaveProperty('mood');
});

test('a replay is told by its name', () => {
  const body = eventBridgeMessage(shippedOrder, { 'replay-name': 'again-1' });

  expect(readEvent(shipped, body, clock).replay).toBe('again-1');
});

test('the last hop before a loop, and the last second before the future, are read', () => {
  const metadata = { hops: 31, time: '2026-01-31T12:05:00.000Z' };

  expect(readEvent(shipped, eventBridgeMessage({ metadata, data: shippedOrder }), clock).metadata).toMatchObject(
    metadata,
  );
});
