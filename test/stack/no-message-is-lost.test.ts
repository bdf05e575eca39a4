import { describe, expect, it } from 'vitest';
import {
  type FunctionProperties,
  type MappingProperties,
  type PolicyProperties,
  type QueueProperties,
  type RuleProperties,
  referred,
  resourcesOf,
  templateOf,
} from './synthesised.ts';

const HOUR = 3600;
const DAY = 24 * HOUR;

const template = templateOf('prod');
const queues = resourcesOf<QueueProperties>(template, 'AWS::SQS::Queue');
const functions = resourcesOf<FunctionProperties>(template, 'AWS::Lambda::Function');
const rules = resourcesOf<RuleProperties>(template, 'AWS::Events::Rule');
const queuePolicies = Object.values(resourcesOf<PolicyProperties>(template, 'AWS::SQS::QueuePolicy'));
const mappings = Object.values(resourcesOf<MappingProperties>(template, 'AWS::Lambda::EventSourceMapping')).map(
  ({ Properties }) => Properties,
);
const fromQueues = mappings.filter(({ EventSourceArn }) => referred(EventSourceArn) in queues);
const fromStreams = mappings.filter(({ EventSourceArn }) => !(referred(EventSourceArn) in queues));

/** A queue that a reference leads to; fails where there is none. */
function queueAt(id: string): QueueProperties {
  const queue = queues[id];
  if (queue === undefined) throw new Error(`${id} is no queue of the stack`);
  return queue.Properties;
}

/** Who may send to a queue, and on which condition. */
function sendersTo(id: string) {
  return queuePolicies
    .filter(({ Properties }) => Properties.Queues?.some((queue) => referred(queue) === id))
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
    .filter(({ Effect, Action }) => Effect === 'Allow' && [Action].flat().includes('sqs:SendMessage'))
    .map(({ Principal, Condition }) => ({ Principal, Condition }));
}

describe('what the bus cannot deliver', () => {
  const targets = Object.entries(rules).flatMap(([rule, { Properties }]) =>
    Properties.Targets.map((target) => ({ rule, name: Properties.Name, target })),
  );

  it('has somewhere to come from', () => expect(targets.length).toBeGreaterThan(0));

  it.each(targets)('goes to a DLQ of its own: $name', ({ rule, target }) => {
    const id = referred(target.DeadLetterConfig?.Arn);

    expect(queueAt(id)).toMatchObject({ MessageRetentionPeriod: 14 * DAY });
    expect(queueAt(id).FifoQueue, 'EventBridge takes no FIFO queue as DLQ').toBeUndefined();
    expect(sendersTo(id)).toEqual([
      {
        Principal: { Service: 'events.amazonaws.com' },
        Condition: { ArnEquals: { 'aws:SourceArn': { 'Fn::GetAtt': [rule, 'Arn'] } } },
      },
    ]);
  });

  it.each(targets)('is tried for a day first: $name', ({ target }) => {
    expect(target.RetryPolicy).toEqual({ MaximumEventAgeInSeconds: DAY, MaximumRetryAttempts: 185 });
  });

  it.each(targets)('does not fail for want of a permission: $name', ({ rule, target }) => {
    expect(sendersTo(referred(target.Arn))).toEqual([
      {
        Principal: { Service: 'events.amazonaws.com' },
        Condition: { ArnEquals: { 'aws:SourceArn': { 'Fn::GetAtt': [rule, 'Arn'] } } },
      },
    ]);
  });
});

describe('what a consumer does not handle', () => {
  const sources = fromQueues.map((mapping) => ({ mapping, queue: queueAt(referred(mapping.EventSourceArn)) }));

  it('has somewhere to come from', () => expect(sources.length).toBe(Object.keys(rules).length));

  it.each(sources)('goes to a DLQ of its own that keeps it for longer: $queue.QueueName', ({ queue }) => {
    const dlq = queueAt(referred(queue.RedrivePolicy?.deadLetterTargetArn));

    expect(queue.RedrivePolicy?.maxReceiveCount).toBe(5);
    expect(queue.MessageRetentionPeriod).toBe(4 * DAY);
    expect(dlq.MessageRetentionPeriod).toBe(14 * DAY);
    expect(dlq.QueueName.replace('.fifo', '')).toBe(`${queue.QueueName.replace('.fifo', '')}-dlq`);
    expect(dlq.FifoQueue).toBe(queue.FifoQueue);
  });

  it.each(sources)('does not take along what it did handle: $queue.QueueName', ({ mapping }) => {
    expect(mapping.FunctionResponseTypes).toEqual(['ReportBatchItemFailures']);
  });

  it.each(sources)('is not delivered again while it is handled: $queue.QueueName', ({ mapping, queue }) => {
    const timeout = functions[referred(mapping.FunctionName)]?.Properties.Timeout;

    expect(queue.VisibilityTimeout).toBeGreaterThanOrEqual(6 * (timeout ?? Number.NaN));
  });
});

describe('what a relay does not publish', () => {
  const relays = fromStreams.map((mapping) => ({
    mapping,
    name: functions[referred(mapping.FunctionName)]?.Properties.FunctionName,
  }));

  it('has somewhere to come from', () => expect(relays.length).toBeGreaterThan(0));

  it.each(relays)('goes to a DLQ before the stream forgets it: $name', ({ mapping, name }) => {
    const dlq = queueAt(referred(mapping.DestinationConfig?.OnFailure.Destination));

    expect(dlq).toMatchObject({ QueueName: `${name}-dlq`, MessageRetentionPeriod: 14 * DAY });
    expect(mapping.MaximumRecordAgeInSeconds).toBe(20 * HOUR);
  });

  it.each(relays)('is tried again for as long as that, from where it failed: $name', ({ mapping }) => {
    expect(mapping.MaximumRetryAttempts, 'no limit, which is the default').toBeUndefined();
    expect(mapping).toMatchObject({
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      BisectBatchOnFunctionError: true,
      StartingPosition: 'TRIM_HORIZON',
    });
  });
});

describe('queues', () => {
  it.each(Object.entries(queues).map(([id, { Properties }]) => ({ id, ...Properties })))(
    'are encrypted and only reached by TLS: $QueueName',
    ({ id, SqsManagedSseEnabled }) => {
      expect(SqsManagedSseEnabled).toBe(true);
      expect(
        queuePolicies
          .filter(({ Properties }) => Properties.Queues?.some((queue) => referred(queue) === id))
          .flatMap(({ Properties }) => Properties.PolicyDocument.Statement),
      ).toContainEqual({
        Action: 'sqs:*',
        Effect: 'Deny',
        Principal: { AWS: '*' },
        Resource: { 'Fn::GetAtt': [id, 'Arn'] },
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      });
    },
  );
});
