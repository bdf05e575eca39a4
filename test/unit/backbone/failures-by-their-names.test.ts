import { describe, expect, test } from 'vitest';
import { causesOf, classify, wordless } from '../../../functions/backbone/failure.ts';

/*
 * These names are others': of AWS's services and the SDK, of Node and its fetch, of Powertools. Whoever drops one by
 * mistake turns what passes by itself into what nobody knows.
 */
const TOO_OFTEN = [
  'BandwidthLimitExceeded',
  'LimitExceededException',
  'ProvisionedThroughputExceeded',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'RequestThrottled',
  'RequestThrottledException',
  'SlowDown',
  'ThrottledException',
  'Throttling',
  'ThrottlingError',
  'ThrottlingException',
  'TooManyRequestsException',
];

const PASSES = [
  'AbortError',
  'ConditionalCheckFailedException',
  'IdempotencyAlreadyInProgressError',
  'IdempotencyInconsistentStateError',
  'PriorRequestNotComplete',
  'RequestTimeout',
  'RequestTimeoutException',
  'TimeoutError',
  'TransactionConflict',
  'TransactionConflictException',
  'TransactionInProgressException',
];

const WIRE = [
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_SOCKET',
];

const failure = (about: object) => Object.assign(new Error('words'), about);

describe.each([
  { kind: 'throttled', names: TOO_OFTEN },
  { kind: 'transient', names: [...PASSES, ...WIRE] },
])('$kind', ({ kind, names }) => {
  test.each(names)('is %s, as a name, as a code, and as what a transaction was cancelled for', (name) => {
    for (const about of [{ name }, { code: name }, { CancellationReasons: [{ Code: 'None' }, { Code: name }] }]) {
      expect(classify(failure(about))).toEqual({ kind });
    }
  });
});

test.each([
  ['a status that is no number', { $metadata: { httpStatusCode: '503' } }],
  ['a status of ours', { $metadata: { httpStatusCode: 499 } }],
  ['reasons that are no list', { CancellationReasons: 'SlowDown' }],
  ['reasons that are no objects', { CancellationReasons: ['SlowDown', null] }],
  ['a model that says nothing', { $retryable: true }],
])('%s tells nothing', (_, about) => {
  expect(classify(failure(about))).toEqual({ kind: 'unexpected' });
});

test('causes are followed to the tenth', () => {
  const ring: Error = new Error('ring');
  ring.cause = ring;

  expect(causesOf(ring)).toEqual(Array(10).fill(ring));
});

test('what has no causes is all that there is, and what is no error is not one', () => {
  const alone = new Error('alone');

  expect(causesOf(alone)).toEqual([alone]);
  expect(causesOf('words')).toEqual([]);
});

describe('an error that must not repeat the words of its cause', () => {
  test('keeps what tells its kind, and nothing else', () => {
    const about = {
      name: 'MessageRejected',
      code: 'E1',
      $metadata: { httpStatusCode: 400 },
      $retryable: { throttling: true },
    };

    expect(wordless(failure({ ...about, address: 'ada@example.com' }))).toEqual(about);
    expect(wordless('ada@example.com is unknown')).toBeUndefined();
  });

  test('is judged as its cause would be', () => {
    expect(classify(new Error('no', { cause: wordless(failure({ name: 'SlowDown' })) }))).toEqual({
      kind: 'throttled',
    });
  });
});
