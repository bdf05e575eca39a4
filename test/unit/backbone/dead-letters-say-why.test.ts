import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { deadLetterAttributes, type End, MOST_MESSAGE_BYTES } from '../../../functions/backbone/dead-letter.ts';

const end: End = {
  reason: 'transient_failure',
  event: { id: 'e1', type: 'OrderShipped', correlationId: 'flow-1' },
  error: new RangeError('no arm long enough'),
  consumer: 'bell',
  attempts: 5,
  firstFailureMs: Date.UTC(2026, 0, 31, 12),
  lastFailureMs: Date.UTC(2026, 0, 31, 12, 30),
};

/** What SQS counts: names, types and values. */
function bytesOf(attributes: Readonly<Record<string, string>>): number {
  return Object.entries(attributes).reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + 'String'.length + Buffer.byteLength(value),
    0,
  );
}

describe('a dead letter', () => {
  test('says why, who, which, how often and since when, in ten attributes', () => {
    const attributes = deadLetterAttributes(end, '{}');

    expect(attributes).toEqual({
      reason: 'transient_failure',
      consumer: 'bell',
      eventId: 'e1',
      correlationId: 'flow-1',
      attempts: '5',
      firstFailure: '2026-01-31T12:00:00.000Z',
      lastFailure: '2026-01-31T12:30:00.000Z',
      errorName: 'RangeError',
      errorMessage: 'no arm long enough',
      stack: expect.stringMatching(/^at .*dead-letters-say-why\.test\.ts:\d+:\d+/),
    });
    expect(attributes.stack?.split('\n').length).toBeLessThanOrEqual(5);
  });

  test('tells the causes of its error', () => {
    const cause = new TypeError('no line', { cause: new RangeError('no post') });
    const { errorMessage } = deadLetterAttributes({ ...end, error: new Error('no answer', { cause }) }, '{}');

    expect(errorMessage).toBe('no answer; caused by TypeError: no line; caused by RangeError: no post');
  });

  test.each([
    ['a text', 'out of tea', 'string', 'out of tea'],
    ['nothing', undefined, 'undefined', 'undefined'],
  ])('tells what was thrown when it was %s', (_, error, errorName, errorMessage) => {
    const attributes = deadLetterAttributes({ ...end, error }, '{}');

    expect(attributes).toMatchObject({ errorName, errorMessage });
    expect(attributes).not.toHaveProperty('stack');
  });

  test('says nothing of what nobody knows: SQS takes no empty attribute', () => {
    const silent = new Error('');
    delete silent.stack;
    const attributes = deadLetterAttributes({ ...end, event: {}, error: silent }, '{');

    expect(Object.keys(attributes)).toEqual([
      ...['reason', 'consumer', 'attempts', 'firstFailure', 'lastFailure', 'errorName'],
    ]);
  });

  test('leaves out the characters that SQS refuses, and cuts no character in two', () => {
    const error = new Error(`a\u0000b\u001bc\uFFFEd\uD800e ${'🪙'.repeat(2_000)}`);
    const { errorMessage = '' } = deadLetterAttributes({ ...end, error }, '{}');

    expect(errorMessage).toMatch(/^a\uFFFDb\uFFFDc\uFFFDd\uFFFDe 🪙/);
    expect(errorMessage.endsWith('🪙')).toBe(true);
    expect(Buffer.byteLength(errorMessage)).toBeLessThanOrEqual(2_048);
  });

  test('fits into what SQS takes, whatever its error says and however large its body is', () => {
    const error = new Error();
    const character = fc.integer({ min: 0, max: 0x10ffff }).map((code) => String.fromCodePoint(code));
    const largest = Buffer.alloc(MOST_MESSAGE_BYTES, 'x').toString();
    const bodies = fc.oneof(
      fc.nat({ max: 4_000 }),
      fc.integer({ min: MOST_MESSAGE_BYTES - 6_000, max: MOST_MESSAGE_BYTES }),
    );
    fc.assert(
      fc.property(bodies, fc.string({ unit: character, maxLength: 30 }), (length, words) => {
        const body = largest.slice(0, length);
        error.message = words.repeat(100);
        const attributes = deadLetterAttributes({ ...end, error }, body);
        expect(length + bytesOf(attributes)).toBeLessThanOrEqual(MOST_MESSAGE_BYTES);
        expect(Object.values(attributes)).not.toContain('');
      }),
      { numRuns: 50 },
    );
  });

  test('gives up the words of its error before it gives up its reason', () => {
    const body = 'x'.repeat(MOST_MESSAGE_BYTES - 100);

    expect(deadLetterAttributes(end, body)).toMatchObject({ reason: 'transient_failure', consumer: 'bell' });
    expect(deadLetterAttributes(end, body)).not.toHaveProperty('errorMessage');
  });
});
