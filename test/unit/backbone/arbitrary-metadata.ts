import fc from 'fast-check';
import type { Metadata } from '../../../functions/backbone/envelope.ts';

const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }).filter((value) => value.length <= 256);
const id = fc.string({
  unit: fc.constantFrom(...'abcXYZ0189._:-'),
  minLength: 1,
  maxLength: 64,
});

/** A W3C traceparent that can be followed: its ids are not all 0. */
export const followedTraceparent = fc
  .tuple(hex(2), hex(32), hex(16), hex(2))
  .filter(([version, traceId, parentId]) => version !== 'ff' && /[^0]/.test(traceId) && /[^0]/.test(parentId))
  .map((parts) => parts.join('-'));

function hex(length: number): fc.Arbitrary<string> {
  return fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length });
}

/** Any time that is not in the future of 2026-01-31T12:00Z, with milliseconds. */
export const pastTime = fc
  .date({ min: new Date('1990-01-01T00:00:00Z'), max: new Date('2026-01-31T12:00:00Z'), noInvalidDate: true })
  .map((date) => date.toISOString());

/** The metadata that a producer may give with an event of `eventBridgeMessage`; each field may be absent. */
export const givenMetadata: fc.Arbitrary<Partial<Metadata>> = fc.record(
  {
    id,
    time: pastTime,
    type: fc.constant('OrderShipped'),
    source: fc.constant('shop.orders'),
    subject: text,
    version: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
    sequence: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
    schemaVersion: fc.constant(1),
    correlationId: id,
    causationId: id,
    correlationTime: pastTime,
    traceparent: followedTraceparent,
    hops: fc.nat({ max: 31 }),
  },
  { requiredKeys: [] },
);
