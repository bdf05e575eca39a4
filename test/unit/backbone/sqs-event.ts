import type { SQSEvent, SQSRecord } from 'aws-lambda';

/** A batch from a queue: one record for each body, under the message ids `m1`, `m2` and so on. */
export function sqsEvent(...bodies: readonly string[]): SQSEvent {
  return { Records: bodies.map((body, n) => sqsRecord({ messageId: `m${n + 1}`, body })) };
}

/** A batch from a FIFO queue: each body with its message group. */
export function fifoEvent(...messages: readonly (readonly [group: string, body: string])[]): SQSEvent {
  return { Records: messages.map(([group, body], n) => sqsRecord({ messageId: `m${n + 1}`, body, group })) };
}

/** What a record says; all else is made up. */
export interface RecordProps {
  readonly messageId: string;
  readonly body: string;
  /** @default - one of its message's own */
  readonly receiptHandle?: string;
  /** The message group; with it, the record is from a FIFO queue. */
  readonly group?: string | undefined;
  /** @default 3 */
  readonly receiveCount?: number;
  /** @default 1_769_860_800_000, which is 2026-01-31T12:00:00.000Z */
  readonly sentMs?: number;
  /** @default - as `sentMs` */
  readonly firstReceivedMs?: number;
  readonly attributes?: Readonly<Record<string, string>>;
}

/** A record as Lambda hands it to a function. */
export function sqsRecord({
  messageId,
  body,
  receiptHandle = `receipt-${messageId}`,
  group,
  receiveCount = 3,
  sentMs = 1_769_860_800_000,
  firstReceivedMs = sentMs,
  attributes = {},
}: RecordProps): SQSRecord {
  const texts = Object.entries(attributes).map(([name, stringValue]) => [name, { stringValue, dataType: 'String' }]);
  return {
    messageId,
    receiptHandle,
    body,
    attributes: {
      ApproximateReceiveCount: String(receiveCount),
      SentTimestamp: String(sentMs),
      SenderId: 'sender',
      ApproximateFirstReceiveTimestamp: String(firstReceivedMs),
      ...(group !== undefined && { MessageGroupId: group }),
    },
    messageAttributes: Object.fromEntries(texts),
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: `arn:aws:sqs:eu-central-1:123456789012:factbus-toy${group === undefined ? '' : '.fifo'}`,
    awsRegion: 'eu-central-1',
  };
}
