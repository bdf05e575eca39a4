import type { SQSEvent, SQSRecord } from 'aws-lambda';

/** A batch from a queue: one record for each body, under the message ids `m1`, `m2` and so on. */
export function sqsEvent(...bodies: readonly string[]): SQSEvent {
  return { Records: bodies.map((body, n) => record(`m${n + 1}`, body, 'factbus-toy', undefined)) };
}

/** A batch from a FIFO queue: each body with its message group. */
export function fifoEvent(...messages: readonly (readonly [group: string, body: string])[]): SQSEvent {
  return { Records: messages.map(([group, body], n) => record(`m${n + 1}`, body, 'factbus-toy.fifo', group)) };
}

function record(messageId: string, body: string, queue: string, group: string | undefined): SQSRecord {
  return {
    messageId,
    receiptHandle: `receipt-${messageId}`,
    body,
    attributes: {
      ApproximateReceiveCount: '3',
      SentTimestamp: '1769860800000',
      SenderId: 'sender',
      ApproximateFirstReceiveTimestamp: '1769860800000',
      ...(group !== undefined && { MessageGroupId: group }),
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: `arn:aws:sqs:eu-central-1:123456789012:${queue}`,
    awsRegion: 'eu-central-1',
  };
}
