import { Duration } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { subscription } from '../../functions/backbone/subscription.ts';
import type { ConsumerProps } from '../../lib/backbone/consumer-props.ts';
import { OrderPlaced } from '../../schemas/generated/facts.ts';
import { consumerOf, type QueueProperties, type RuleProperties, resourcesOf } from './synthesised.ts';

const deadlines = subscription('orders-deadline', { OrderPlaced });

function synthesised(props: Partial<ConsumerProps>) {
  const template = Template.fromStack(consumerOf(deadlines, props).stack);
  const queues = Object.values(resourcesOf<QueueProperties>(template, 'AWS::SQS::Queue'));
  const queue = (name: string) => queues.find(({ Properties }) => Properties.QueueName === name)?.Properties;
  const [rule] = Object.values(resourcesOf<RuleProperties>(template, 'AWS::Events::Rule'));
  return { template, queue, target: rule?.Properties.Targets[0] };
}

describe('a delayed subscription', () => {
  it('holds its facts back in the queue, and what failed is not held back again', () => {
    const { queue } = synthesised({ delay: Duration.minutes(15) });

    expect(queue('testbus-orders-deadline')?.DelaySeconds).toBe(900);
    expect(queue('testbus-orders-deadline-dlq')?.DelaySeconds).toBeUndefined();
  });

  it('is not the default', () => {
    expect(synthesised({}).queue('testbus-orders-deadline')?.DelaySeconds).toBe(0);
  });
});

describe('an ordered subscription', () => {
  const { queue, target, template } = synthesised({ fifo: { groupBy: '$.detail.metadata.subject' } });

  it('is a FIFO queue, ordered by the value at the path', () => {
    expect(queue('testbus-orders-deadline.fifo')).toMatchObject({ FifoQueue: true, ContentBasedDeduplication: true });
    expect(target?.SqsParameters).toEqual({ MessageGroupId: '$.detail.metadata.subject' });
  });

  it('has a FIFO queue for what it cannot handle, as SQS demands', () => {
    expect(queue('testbus-orders-deadline-dlq.fifo')).toMatchObject({ FifoQueue: true });
  });

  it('has no FIFO queue for what cannot be delivered, as EventBridge demands', () => {
    expect(queue('testbus-orders-deadline-target-dlq')).toBeDefined();
  });

  it('lets SQS deliver a message more often, since it counts throttles as well', () => {
    expect(queue('testbus-orders-deadline.fifo')?.RedrivePolicy?.maxReceiveCount).toBe(90);
  });

  it('does not wait for batches, which Lambda cannot do then', () => {
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', { BatchSize: 10 });
    expect(JSON.stringify(template.toJSON())).not.toContain('MaximumBatchingWindowInSeconds');
  });

  it('is not the default', () => {
    expect(synthesised({}).queue('testbus-orders-deadline')?.FifoQueue).toBeUndefined();
    expect(synthesised({}).target?.SqsParameters).toBeUndefined();
  });
});

describe('a subscription', () => {
  it('takes what it is given', () => {
    const { template, queue } = synthesised({
      service: 'orders',
      timeout: Duration.seconds(20),
      memory: 1024,
      batchSize: 100,
      maxBatchingWindow: Duration.seconds(3),
      maxConcurrency: 50,
      retry: { base: Duration.seconds(2), cap: Duration.minutes(1), attempts: 7 },
      environment: { ACT_ON_OLD_EVENTS: 'true' },
    });

    expect(queue('testbus-orders-deadline')?.VisibilityTimeout).toBe(123);
    expect(queue('testbus-orders-deadline')?.RedrivePolicy?.maxReceiveCount).toBe(17);
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      BatchSize: 100,
      MaximumBatchingWindowInSeconds: 3,
      ScalingConfig: { MaximumConcurrency: 50 },
    });
    template.hasResourceProperties('AWS::Lambda::Function', {
      MemorySize: 1024,
      Timeout: 20,
      Environment: {
        Variables: {
          POWERTOOLS_SERVICE_NAME: 'orders',
          FUNCTION_TIMEOUT_SECONDS: '20',
          ACT_ON_OLD_EVENTS: 'true',
          RETRY_BASE_SECONDS: '2',
          RETRY_CAP_SECONDS: '60',
          RETRY_ATTEMPTS: '7',
        },
      },
    });
  });

  it('is moderate when it is given nothing', () => {
    const { template, queue } = synthesised({});

    expect(queue('testbus-orders-deadline')).toMatchObject({
      VisibilityTimeout: 60,
      MessageRetentionPeriod: 345_600,
      RedrivePolicy: { maxReceiveCount: 30 },
    });
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      BatchSize: 10,
      ScalingConfig: { MaximumConcurrency: 10 },
    });
    template.hasResourceProperties('AWS::Lambda::Function', {
      MemorySize: 512,
      Timeout: 10,
      Environment: {
        Variables: {
          POWERTOOLS_SERVICE_NAME: 'orders-deadline',
          RETRY_BASE_SECONDS: '1',
          RETRY_CAP_SECONDS: '300',
          RETRY_ATTEMPTS: '20',
        },
      },
    });
  });
});
