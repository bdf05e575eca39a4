import type { UnreadableReason } from './envelope.ts';

/**
 * What no further attempt will mend: the event goes to the dead-letter queue at once. Thrown by handlers that know.
 *
 * @example throw new PermanentFailure(`${orderId}: the account was closed`, { cause })
 */
export class PermanentFailure extends Error {
  override readonly name: string = 'PermanentFailure';
  /** Why, as its dead letter and its metric say it. */
  readonly reason: PermanentReason = 'permanent_failure';
}

export type PermanentReason = UnreadableReason | 'permanent_failure';

/**
 * What passes by itself: the event comes again.
 *
 * @example throw new Transient('the carrier does its books until three', { retryAtMs: clock.now() + 600_000 })
 */
export class Transient extends Error {
  override readonly name: string = 'Transient';
  /**
   * When to come again, in milliseconds since 1970, where that is known: waiting for it uses up no attempt.
   *
   * @default - after a backoff, and it was an attempt
   */
  readonly retryAtMs: number | undefined;

  constructor(message: string, { retryAtMs, ...options }: ErrorOptions & { readonly retryAtMs?: number } = {}) {
    super(message, options);
    this.retryAtMs = retryAtMs;
  }
}

/** Somebody was asked too often: the event comes again after a backoff, and this was no attempt. */
export class Throttled extends Transient {
  override readonly name: string = 'Throttled';
}

/** What a failure is, as far as it matters for what becomes of the event. */
export type Failure =
  | { readonly kind: 'permanent'; readonly reason: PermanentReason }
  | { readonly kind: 'throttled' }
  /** Until a time that is known, nothing is to be tried. */
  | { readonly kind: 'waiting'; readonly untilMs: number }
  | { readonly kind: 'transient' }
  /** Nobody knows: it may pass, or be a mistake in the code. */
  | { readonly kind: 'unexpected' };

/**
 * Tells what a failure is, by its class, or by the name, code and HTTP status that AWS's SDK and Node give it, following
 * its causes. A cause counts where nothing that wraps it says more: a conflict because of throttling is throttling, and
 * what was made transient stays so, whatever its cause.
 */
export function classify(error: unknown): Failure {
  let found: Failure | undefined;
  for (const link of causesOf(error)) {
    const failure = judge(link);
    if (failure === undefined || (failure.kind === 'permanent' && found !== undefined)) continue;
    if (failure.kind !== 'transient') return failure;
    found = failure;
  }
  return found ?? { kind: 'unexpected' };
}

/** A chain of causes may be a ring. */
const MOST_CAUSES = 10;

/** An error, its cause, that one's cause, and so on. */
export function causesOf(error: unknown): readonly unknown[] {
  const links: unknown[] = [];
  for (let link = error; isObject(link) && links.length < MOST_CAUSES; link = link.cause) links.push(link);
  return links;
}

function judge(link: unknown): Failure | undefined {
  if (link instanceof PermanentFailure) return { kind: 'permanent', reason: link.reason };
  if (link instanceof Transient && link.retryAtMs !== undefined) return { kind: 'waiting', untilMs: link.retryAtMs };
  if (link instanceof Throttled || isThrottling(link)) return { kind: 'throttled' };
  if (link instanceof Transient || isPassing(link)) return { kind: 'transient' };
  return undefined;
}

/*
 * The names and codes by which AWS's SDK decides what to repeat, and those of DynamoDB's cancelled transactions.
 * Source: https://github.com/smithy-lang/smithy-typescript, service-error-classification
 */

const THROTTLING = new Set([
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
]);

const PASSING = new Set([
  // Time-outs.
  'AbortError',
  'RequestTimeout',
  'RequestTimeoutException',
  'TimeoutError',
  // Optimistic conflicts that did not settle.
  'ConditionalCheckFailedException',
  'PriorRequestNotComplete',
  'TransactionConflict',
  'TransactionConflictException',
  'TransactionInProgressException',
  // Powertools: another invocation is at it, or its record has just changed.
  'IdempotencyAlreadyInProgressError',
  'IdempotencyInconsistentStateError',
]);

const NETWORK = new Set([
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
]);

function isThrottling(link: unknown): boolean {
  const { names, httpStatus, retryable } = traitsOf(link);
  return names.some((name) => THROTTLING.has(name)) || httpStatus === 429 || retryable?.throttling === true;
}

function isPassing(link: unknown): boolean {
  const { names, httpStatus, retryable } = traitsOf(link);
  return (
    names.some((name) => PASSING.has(name) || NETWORK.has(name)) ||
    (httpStatus !== undefined && httpStatus >= 500) ||
    retryable !== undefined
  );
}

/** What tells of an error's kind, without its words: a cause for an error that must not repeat them. */
export function wordless(error: unknown): unknown {
  if (!isObject(error)) return undefined;
  const { name, code, $metadata, $retryable } = error;
  return { name, code, $metadata, $retryable };
}

interface Traits {
  /** The error's name and code, and the codes of all that a transaction was cancelled for. */
  readonly names: readonly string[];
  readonly httpStatus: number | undefined;
  /** What the service's own model says; there only where repeating makes sense. */
  readonly retryable: { readonly throttling?: unknown } | undefined;
}

function traitsOf(link: unknown): Traits {
  if (!isObject(link)) return { names: [], httpStatus: undefined, retryable: undefined };
  const { name, code, CancellationReasons: reasons, $metadata: metadata, $retryable: retryable } = link;
  const codes = Array.isArray(reasons) ? reasons.map((reason: unknown) => isObject(reason) && reason.Code) : [];
  const status = isObject(metadata) ? metadata.httpStatusCode : undefined;
  return {
    names: [name, code, ...codes].filter((one) => typeof one === 'string'),
    httpStatus: typeof status === 'number' ? status : undefined,
    retryable: isObject(retryable) ? retryable : undefined,
  };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
