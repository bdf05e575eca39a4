import { describe, expect, it } from 'vitest';
import { CRASH_OR_TIMEOUT, readLetter } from '../../../operations/dead-letters/letter.ts';
import { isChosen } from '../../../operations/dead-letters/selection.ts';
import { summarise } from '../../../operations/dead-letters/summary.ts';
import { parseCondition } from '../../../operations/facts/filter.ts';
import { deadMessage } from './dead-message.ts';

const at = (time: string) => Date.parse(`2026-01-31T${time}.000Z`);

describe('a dead letter tells why it is one', () => {
  it('by what its consumer wrote', () => {
    const attributes = {
      reason: 'invalid',
      errorName: 'UnreadableEvent',
      errorMessage: 'data/total must be integer',
      stack: 'at readEvent',
      attempts: '1',
      firstFailure: '2026-01-31T11:20:00.000Z',
      lastFailure: '2026-01-31T11:30:00.000Z',
    };
    expect(readLetter(deadMessage('m1', { attributes }))).toMatchObject({
      reason: 'invalid',
      errorName: 'UnreadableEvent',
      errorMessage: 'data/total must be integer',
      stack: 'at readEvent',
      attempts: 1,
      firstFailedMs: at('11:20:00'),
      failedMs: at('11:30:00'),
      eventId: 'm1',
      correlationId: 'm1',
      type: 'OrderShipped',
    });
  });

  it('when SQS moved it, whatever it still says of an earlier end', () => {
    const letter = readLetter(deadMessage('m1', { isMovedBySqs: true, sentMs: at('10:00:00') }));
    expect(letter).toMatchObject({ reason: CRASH_OR_TIMEOUT, failedMs: at('10:00:00') });
    expect(letter).not.toHaveProperty('attempts');
  });

  it('when EventBridge could not deliver it', () => {
    const attributes = {
      ERROR_CODE: 'NO_PERMISSIONS',
      ERROR_MESSAGE: 'no permission',
      RETRY_ATTEMPTS: '185',
      RULE_ARN: 'arn',
    };
    expect(readLetter(deadMessage('m1', { attributes }))).toMatchObject({
      reason: 'NO_PERMISSIONS',
      errorMessage: 'no permission',
      attempts: 185,
    });
  });

  it('when a relay could not publish it', () => {
    const message = deadMessage('m1', {
      body: '{"pk":"order#order-c1","sk":7}',
      attributes: { reason: 'EntryTooLarge', error: 'too large' },
    });
    expect(readLetter(message)).toMatchObject({
      reason: 'EntryTooLarge',
      errorMessage: 'too large',
      type: 'order#order-c1 v7',
    });
  });

  it('when Lambda gave up on records of a stream', () => {
    const body = JSON.stringify({
      requestContext: { condition: 'RetryAttemptsExhausted', approximateInvokeCount: 4 },
      DDBStreamBatchInfo: {},
    });
    expect(readLetter(deadMessage('m1', { body, attributes: {} }))).toMatchObject({
      reason: 'RetryAttemptsExhausted',
      attempts: 4,
    });
  });

  it.each(['not JSON', '[]', 'null', '{"id":7}'])('even where its body is %s', (body) => {
    const letter = readLetter(deadMessage('m1', { body, attributes: { reason: 'malformed', eventId: 'e9' } }));
    expect(letter).toMatchObject({ reason: 'malformed', eventId: 'e9', body });
    expect(letter).not.toHaveProperty('event');
  });

  it('with the fact of a broken event, where that much can be read', () => {
    const letter = readLetter(deadMessage('m1', { body: '{"detail-type":"OrderPlaced","detail":7}', attributes: {} }));
    expect(letter).toMatchObject({ reason: 'unknown', type: 'OrderPlaced' });
  });
});

describe('letters are chosen', () => {
  const letter = readLetter(
    deadMessage('m1', { attributes: { reason: 'invalid', lastFailure: '2026-01-31T11:30:00.000Z' } }),
  );
  const unreadable = readLetter(deadMessage('m2', { body: 'not JSON', attributes: { reason: 'malformed' } }));

  it.each([
    ['all, without a condition', {}, true],
    ['by reason', { reasons: ['other', 'invalid'] }, true],
    ['not for another reason', { reasons: ['malformed'] }, false],
    ['by fact', { types: ['OrderShipped'] }, true],
    ['not of another fact', { types: ['OrderPlaced'] }, false],
    ['by the id of the message', { ids: ['m1'] }, true],
    ['not by another id', { ids: ['m2'] }, false],
    ['by time', { sinceMs: at('11:30:00'), untilMs: at('11:30:00') }, true],
    ['not before', { sinceMs: at('11:30:01') }, false],
    ['not after', { untilMs: at('11:29:59') }, false],
    ['by their data', { where: parseCondition('orderId=order-m1') }, true],
    ['not by other data', { where: parseCondition('orderId=order-m2') }, false],
    ['only where all fits', { reasons: ['invalid'], types: ['OrderPlaced'] }, false],
  ])('%s', (_, selection, expected) => {
    expect(isChosen(selection, letter)).toBe(expected);
  });

  it('by the id of the event', () => {
    const renamed = readLetter({ ...deadMessage('event-1'), messageId: 'message-1' });
    expect(isChosen({ ids: ['event-1'] }, renamed)).toBe(true);
  });

  it('an unreadable one never by its data', () => {
    expect(isChosen({ where: parseCondition('!orderId') }, unreadable)).toBe(false);
    expect(isChosen({ types: ['OrderShipped'] }, unreadable)).toBe(false);
  });
});

it('a summary has the oldest failure, and the most frequent reasons first', () => {
  const letters = [
    deadMessage('a', { attributes: { reason: 'invalid', lastFailure: '2026-01-31T11:30:00.000Z' } }),
    deadMessage('b', { attributes: { reason: 'expiring', lastFailure: '2026-01-31T11:10:00.000Z' } }),
    deadMessage('c', { attributes: { reason: 'invalid', lastFailure: '2026-01-31T11:20:00.000Z' } }),
    deadMessage('d', { body: 'broken', attributes: { reason: 'malformed', lastFailure: '2026-01-31T11:40:00.000Z' } }),
  ].map(readLetter);
  expect(summarise(letters)).toEqual({
    lookedAt: 4,
    oldestMs: at('11:10:00'),
    reasons: [
      { name: 'invalid', count: 2 },
      { name: 'expiring', count: 1 },
      { name: 'malformed', count: 1 },
    ],
    types: [
      { name: 'OrderShipped', count: 3 },
      { name: 'unreadable', count: 1 },
    ],
  });
  expect(summarise([])).toEqual({ lookedAt: 0, reasons: [], types: [] });
});
