import {
  IdempotencyAlreadyInProgressError,
  IdempotencyInconsistentStateError,
  IdempotencyPersistenceLayerError,
} from '@aws-lambda-powertools/idempotency';
import {
  ConditionalCheckFailedException,
  InternalServerError,
  ProvisionedThroughputExceededException,
  ResourceNotFoundException,
  ThrottlingException,
  TransactionCanceledException,
  TransactionConflictException,
} from '@aws-sdk/client-dynamodb';
import { EventBridgeServiceException } from '@aws-sdk/client-eventbridge';
import { describe, expect, test } from 'vitest';
import { NotPublished } from '../../../functions/backbone/effect.ts';
import { UnreadableEvent } from '../../../functions/backbone/envelope.ts';
import { ContendedCounters } from '../../../functions/backbone/event-store.ts';
import { classify, type Failure, PermanentFailure, Throttled, Transient } from '../../../functions/backbone/failure.ts';
import { AttemptUnderWay } from '../../../functions/backbone/outside.ts';
import { NoAnswer } from '../../../functions/backbone/stand-in.ts';
import { NotYet, UnexpectedShortage, UnsettledConflict } from '../../../functions/backbone/stream-reactor.ts';
import { UnknownCustomer } from '../../../functions/notifications/consumer.ts';
import { MailNotTaken } from '../../../functions/notifications/mailer.ts';

const about = (httpStatusCode: number) => ({ message: 'words', $metadata: { httpStatusCode } });
const cancelledFor = (...codes: readonly string[]) =>
  new TransactionCanceledException({ ...about(400), CancellationReasons: codes.map((Code) => ({ Code })) });
const contended = (cause: unknown) =>
  new ContendedCounters(
    { stream: 'jar#1', version: 2, time: '', correlationId: '', facts: [], causes: [] },
    [{ counter: 'stock#mug', add: { available: -1 } }],
    cause,
  );
const network = (code: string) => Object.assign(new Error(`connect ${code}`), { code });
const named = (name: string) => Object.assign(new Error('words'), { name });
const serviceAnswers = (name: string, httpStatusCode: number) =>
  new EventBridgeServiceException({ ...about(httpStatusCode), name, $fault: 'server' });
const because = (cause: unknown) => new Error('wrapped', { cause });

const untilMs = Date.UTC(2026, 0, 31, 12, 5);
const UNTIL: Failure = { kind: 'waiting', untilMs };
const permanent = (reason: 'permanent_failure' | 'malformed' | 'invalid'): Failure => ({ kind: 'permanent', reason });
const of = (kind: 'throttled' | 'transient' | 'unexpected'): Failure => ({ kind });

type Row = readonly [what: string, error: unknown, failure: Failure];

const ours: readonly Row[] = [
  ['a handler that knows', new PermanentFailure('closed'), permanent('permanent_failure')],
  ['an event that is no JSON', new UnreadableEvent('malformed', 'no JSON'), permanent('malformed')],
  ['a fact that does not fit', new UnreadableEvent('invalid', 'no'), permanent('invalid')],
  ['what passes', new Transient('soon'), of('transient')],
  ['what passes at a time', new Transient('at five past', { retryAtMs: untilMs }), UNTIL],
  ['what is asked too often', new Throttled('slower'), of('throttled')],
  ['what is asked too often, until a time', new Throttled('slower', { retryAtMs: untilMs }), UNTIL],
  ['an attempt of another instance', new AttemptUnderWay('payment#1', { key: 'charge/1' }, untilMs), UNTIL],
  ['what waits for another event', new NotYet('order#1', { type: 'OrderPlaced', data: null }, 'why'), of('transient')],
  ['a race that is lost all the time', new UnsettledConflict('order#1'), of('transient')],
  ['counters that all want', contended(cancelledFor('None', 'TransactionConflict')), of('transient')],
  ['counters that are throttled', contended(cancelledFor('None', 'ThrottlingError')), of('throttled')],
  ['a provider that is silent', new NoAnswer('nobody there'), of('transient')],
  ['a customer who is not known yet', new UnknownCustomer('whose?'), of('transient')],
  [
    'a bus that fails',
    new NotPublished('no', { cause: { kind: 'failed', code: 'InternalFailure', message: '' } }),
    of('transient'),
  ],
  [
    'a bus that throttles',
    new NotPublished('no', { cause: { kind: 'failed', code: 'ThrottlingException', message: '' } }),
    of('throttled'),
  ],
  ['a mail that is refused', new MailNotTaken('no', { cause: { name: 'MessageRejected' } }), of('unexpected')],
  ['mails that are too many', new MailNotTaken('no', { cause: { name: 'Throttling' } }), of('throttled')],
  [
    'a decider that does not fit its counters',
    new UnexpectedShortage('jar#1', {
      kind: 'short',
      shortages: [{ counter: 'stock#mug', field: 'available', needed: 2, found: 1 }],
    }),
    of('unexpected'),
  ],
];

const powertools: readonly Row[] = [
  ['another invocation is at it', new IdempotencyAlreadyInProgressError('busy'), of('transient')],
  ['its record has just changed', new IdempotencyInconsistentStateError('changed'), of('transient')],
  [
    'its table throttles',
    new IdempotencyPersistenceLayerError('no', { cause: new ThrottlingException(about(400)) }),
    of('throttled'),
  ],
  ['its table is gone', new IdempotencyPersistenceLayerError('no', { cause: named('Nowhere') }), of('unexpected')],
];

const aws: readonly Row[] = [
  ['a table that throttles', new ProvisionedThroughputExceededException(about(400)), of('throttled')],
  ['a service that throttles', serviceAnswers('TooManyRequestsException', 429), of('throttled')],
  ['a status that says so', serviceAnswers('Whatever', 429), of('throttled')],
  ['a name that says so', named('RequestThrottled'), of('throttled')],
  ['a model that says so', Object.assign(named('New'), { $retryable: { throttling: true } }), of('throttled')],
  ['a model that says: again', Object.assign(named('New'), { $retryable: {} }), of('transient')],
  ['an error of theirs', new InternalServerError(about(500)), of('transient')],
  ['a gateway', serviceAnswers('BadGateway', 502), of('transient')],
  ['an odd status of theirs', serviceAnswers('Odd', 599), of('transient')],
  ['a transaction in the way', new TransactionConflictException(about(400)), of('transient')],
  ['a transaction in the way of ours', cancelledFor('None', 'TransactionConflict'), of('transient')],
  ['a condition that no longer holds', new ConditionalCheckFailedException(about(400)), of('transient')],
  ['a cancelled transaction that nobody explains', cancelledFor('None', 'ValidationError'), of('unexpected')],
  ['a table that is not there', new ResourceNotFoundException(about(400)), of('unexpected')],
  ['a permission that is missing', serviceAnswers('AccessDeniedException', 400), of('unexpected')],
];

const wires: readonly Row[] = [
  ['a time-out of the client', named('TimeoutError'), of('transient')],
  ['a time-out of a signal', new DOMException('late', 'TimeoutError'), of('transient')],
  ['a connection that is refused', network('ECONNREFUSED'), of('transient')],
  ['a connection that is cut', network('ECONNRESET'), of('transient')],
  ['a name that is not found', network('ENOTFOUND'), of('transient')],
  ['fetch', new TypeError('fetch failed', { cause: network('UND_ERR_CONNECT_TIMEOUT') }), of('transient')],
];

const others: readonly Row[] = [
  ['a mistake', new TypeError('undefined is not a function'), of('unexpected')],
  ['a text', 'no', of('unexpected')],
  ['nothing', undefined, of('unexpected')],
  ['nothing at all', null, of('unexpected')],
];

const causes: readonly Row[] = [
  ['a cause counts where the error says nothing', because(because(network('ETIMEDOUT'))), of('transient')],
  ['throttling counts, wherever it is', new NoAnswer('no', { cause: named('SlowDown') }), of('throttled')],
  ['a time counts, wherever it is', because(new Transient('at five past', { retryAtMs: untilMs })), UNTIL],
  [
    'hopeless is what its wrapper does not know better',
    because(new PermanentFailure('no')),
    permanent('permanent_failure'),
  ],
  ['what was made transient stays so', new Transient('try', { cause: new PermanentFailure('no') }), of('transient')],
  [
    'what was made hopeless stays so',
    new PermanentFailure('no', { cause: named('SlowDown') }),
    permanent('permanent_failure'),
  ],
];

describe.each([
  { of: 'the backbone and the shop', rows: ours },
  { of: 'Powertools', rows: powertools },
  { of: "AWS's services", rows: aws },
  { of: 'the network', rows: wires },
  { of: 'anything else', rows: others },
  { of: 'causes', rows: causes },
])('failures of $of', ({ rows }) => {
  test.each(rows)('%s', (_, error, failure) => {
    expect(classify(error)).toEqual(failure);
  });
});

test('a ring of causes has an end', () => {
  const ring = new Error('ring');
  ring.cause = new Error('back', { cause: ring });

  expect(classify(ring)).toEqual({ kind: 'unexpected' });
});
