import { timestamp } from './clock.ts';
import type { Identity } from './delivery.ts';
import { causesOf } from './failure.ts';
import type { DeadLetterReason } from './recoverability.ts';

/**
 * What a dead letter says beside its body: the most that SQS takes, which is ten attributes.
 *
 * A message that SQS moved, because its attempts crashed or timed out, has none of them, or those of an earlier end from
 * which somebody redrove it. SQS marks it with `DeadLetterQueueSourceArn`.
 */
export type DeadLetterAttribute =
  | 'reason'
  | 'consumer'
  | 'eventId'
  | 'correlationId'
  /** How often its consumer tried, the last time included. */
  | 'attempts'
  /** RFC 3339, UTC. */
  | 'firstFailure'
  | 'lastFailure'
  | 'errorName'
  /** With the messages of its causes. */
  | 'errorMessage'
  /** The first lines of the stack, without the message. */
  | 'stack';

export type DeadLetterAttributes = Readonly<Partial<Record<DeadLetterAttribute, string>>>;

/** How a message came to its end. */
export interface End {
  readonly reason: DeadLetterReason;
  readonly event: Identity;
  readonly error: unknown;
  readonly consumer: string;
  readonly attempts: number;
  readonly firstFailureMs: number;
  readonly lastFailureMs: number;
}

/**
 * What a message may weigh: body, and names, types and values of its attributes.
 *
 * Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 */
export const MOST_MESSAGE_BYTES = 1_048_576;

/** An attribute's type weighs as much as its name's letters. */
const TYPE_BYTES = Buffer.byteLength('String');

const MOST_STACK_LINES = 5;

/** The most that an attribute holds, in bytes. */
const MOST_BYTES = { errorMessage: 2_048, stack: 2_048, other: 256 } as const;

/**
 * What a dead letter says of its end: cut so that it fits beside the body, the error's own words first. The body is never
 * cut.
 *
 * @param body the message's body
 */
export function deadLetterAttributes(
  { reason, event, error, consumer, attempts, firstFailureMs, lastFailureMs }: End,
  body: string,
): DeadLetterAttributes {
  // The most telling first: what comes last is the first to be cut.
  const told: readonly (readonly [DeadLetterAttribute, string | undefined, number])[] = [
    ['reason', reason, MOST_BYTES.other],
    ['consumer', consumer, MOST_BYTES.other],
    ['eventId', event.id, MOST_BYTES.other],
    ['correlationId', event.correlationId, MOST_BYTES.other],
    ['attempts', String(attempts), MOST_BYTES.other],
    ['firstFailure', timestamp(firstFailureMs), MOST_BYTES.other],
    ['lastFailure', timestamp(lastFailureMs), MOST_BYTES.other],
    ['errorName', error instanceof Error ? error.name : typeof error, MOST_BYTES.other],
    ['errorMessage', messageOf(error), MOST_BYTES.errorMessage],
    ['stack', stackOf(error), MOST_BYTES.stack],
  ];
  let room = MOST_MESSAGE_BYTES - Buffer.byteLength(body);
  const attributes: Partial<Record<DeadLetterAttribute, string>> = {};
  for (const [name, text = '', most] of told) {
    const overhead = Buffer.byteLength(name) + TYPE_BYTES;
    const value = cut(printable(text), Math.min(most, room - overhead));
    if (value === '') continue;
    attributes[name] = value;
    room -= overhead + Buffer.byteLength(value);
  }
  return attributes;
}

function messageOf(error: unknown): string {
  const [first, ...causes] = causesOf(error).filter((link) => link instanceof Error);
  if (first === undefined) return String(error);
  return [first.message, ...causes.map(({ name, message }) => `caused by ${name}: ${message}`)].join('; ');
}

function stackOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const frames = error.stack?.split('\n').filter((line) => /^\s+at /.test(line));
  return frames
    ?.slice(0, MOST_STACK_LINES)
    .map((line) => line.trim())
    .join('\n');
}

/**
 * SQS refuses a message with any other character.
 *
 * Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html, `MessageBody`
 */
function printable(text: string): string {
  return text.toWellFormed().replaceAll(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '\u{FFFD}');
}

/** The beginning of a text, in at most so many bytes, without half a character at its end. */
function cut(text: string, most: number): string {
  const bytes = Buffer.from(text).subarray(0, Math.max(0, most));
  return new TextDecoder().decode(bytes, { stream: true });
}
