import type { DeadLetterAttribute } from '../../functions/backbone/dead-letter.ts';
import { type Metadata, parseEnvelope, UnreadableEvent } from '../../functions/backbone/envelope.ts';
import { type Edit, splitEdits } from './edit-history.ts';
import { parseObject } from './json-object.ts';

/** A message as a queue gives it. */
export interface Message {
  readonly messageId: string;
  readonly body: string;
  /** The text attributes that travel with it. */
  readonly attributes: Readonly<Record<string, string>>;
  /** When it came into the queue; where SQS itself moved it there, when it was sent first. */
  readonly sentMs: number;
  /** Of a FIFO queue. */
  readonly group?: string;
  /** Of a FIFO queue: its place in the order. */
  readonly sequenceNumber?: string;
  /** Whether SQS itself put it here, by the redrive policy of its queue. */
  readonly isMovedBySqs: boolean;
}

/** A dead letter: a message, and what is known of why it is one. */
export interface Letter extends Message {
  /** A word for the kind of failure. */
  readonly reason: string;
  readonly errorName?: string;
  readonly errorMessage?: string;
  readonly stack?: string;
  readonly attempts?: number;
  readonly firstFailedMs?: number;
  /** When it failed last; where nobody wrote that down, when it was sent. */
  readonly failedMs: number;
  readonly eventId?: string;
  readonly correlationId?: string;
  /** The fact's name, as far as the body tells it. */
  readonly type?: string;
  /** The event, unless it is unreadable. */
  readonly event?: { readonly metadata: Metadata; readonly data: unknown };
  /** How it was changed since, oldest first. */
  readonly edits: readonly Edit[];
}

/** The reason of a letter that SQS's redrive policy took: its consumer did not live to write one. */
export const CRASH_OR_TIMEOUT = 'crash_or_timeout';

/** Why a relay's or a rule's letter is one, where nobody wrote it down. */
const UNKNOWN = 'unknown';

/** Reads what a message tells of itself: its consumer's attributes, or those that EventBridge, a relay or Lambda gave it. */
export function readLetter(message: Message): Letter {
  const { body, sentMs, isMovedBySqs } = message;
  // What is left of an earlier end, from which it was redriven, says nothing of this one.
  const attributes: Attributes = isMovedBySqs ? {} : message.attributes;
  const event = readEvent(body);
  const note = event === undefined ? readNote(body) : {};
  const errorName = attributes.errorName;
  const errorMessage = attributes.errorMessage ?? attributes.error ?? attributes.ERROR_MESSAGE;
  const attempts = Number(attributes.attempts ?? attributes.RETRY_ATTEMPTS ?? note.attempts);
  const firstFailedMs = momentOf(attributes.firstFailure);
  const eventId = event?.metadata.id ?? attributes.eventId;
  const correlationId = event?.metadata.correlationId ?? attributes.correlationId;
  const type = event?.metadata.type ?? note.type;
  const reason = attributes.reason ?? attributes.ERROR_CODE ?? note.reason ?? UNKNOWN;
  return {
    ...message,
    reason: isMovedBySqs ? CRASH_OR_TIMEOUT : reason,
    ...(errorName !== undefined && { errorName }),
    ...(errorMessage !== undefined && { errorMessage }),
    ...(attributes.stack !== undefined && { stack: attributes.stack }),
    ...(Number.isFinite(attempts) && { attempts }),
    ...(firstFailedMs !== undefined && { firstFailedMs }),
    failedMs: momentOf(attributes.lastFailure) ?? sentMs,
    ...(eventId !== undefined && { eventId }),
    ...(correlationId !== undefined && { correlationId }),
    ...(type !== undefined && { type }),
    ...(event !== undefined && { event }),
    edits: splitEdits(message.body).edits,
  };
}

/** The consumer's own, a relay's `error`, and those of a rule's target: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html */
type Attributes = Readonly<
  Partial<Record<DeadLetterAttribute | 'error' | 'ERROR_CODE' | 'ERROR_MESSAGE' | 'RETRY_ATTEMPTS', string>>
>;

function readEvent(body: string): Letter['event'] {
  try {
    const { data, delivery } = parseEnvelope(body);
    return { metadata: delivery.metadata, data };
  } catch (error) {
    // That it is unreadable is what the letter is about.
    if (error instanceof UnreadableEvent) return undefined;
    throw error;
  }
}

interface Note {
  readonly type?: string;
  readonly reason?: string;
  readonly attempts?: number;
}

/** What can be said of a body that is no readable event: a relay's commit key, Lambda's note, or a broken event. */
function readNote(body: string): Note {
  const parsed = parseObject(body);
  if (parsed === undefined) return {};
  const name = parsed['detail-type'];
  if (typeof name === 'string') return { type: name };
  if (typeof parsed.pk === 'string') return { type: `${parsed.pk} v${parsed.sk}` };
  const { requestContext } = parsed;
  if (typeof requestContext !== 'object' || requestContext === null) return {};
  const { condition, approximateInvokeCount } = requestContext as Readonly<Record<string, unknown>>;
  return {
    ...(typeof condition === 'string' && { reason: condition }),
    ...(typeof approximateInvokeCount === 'number' && { attempts: approximateInvokeCount }),
  };
}

function momentOf(text: string | undefined): number | undefined {
  const ms = Date.parse(text ?? '');
  return Number.isNaN(ms) ? undefined : ms;
}
