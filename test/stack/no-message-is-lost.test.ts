import { Duration, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction, SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { CfnEventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { describe, expect, it } from 'vitest';
import { subscription } from '../../functions/backbone/subscription.ts';
import { BackboneFunction } from '../../lib/backbone/backbone-function.ts';
import { Consumer } from '../../lib/backbone/consumer.ts';
import { disposable } from '../../lib/backbone/durability.ts';
import { EventStore } from '../../lib/backbone/event-store.ts';
import type { FactBus } from '../../lib/backbone/fact-bus.ts';
import { OrderPlaced } from '../../schemas/generated/facts.ts';
import { holesIn } from './nets.ts';
import {
  consumerOf,
  emptyBus,
  type PolicyProperties,
  type QueueProperties,
  referred,
  resourcesOf,
  templateOf,
} from './synthesised.ts';

const watcher = subscription('watcher', { OrderPlaced });

describe('there is a net below every rule, mapping, queue, function and stream', () => {
  it.each(['dev', 'prod'] as const)('of the stage %s', (stage) => {
    expect(holesIn(templateOf(stage))).toEqual([]);
  });

  it('of a consumer that keeps an order', () => {
    const { stack } = consumerOf(watcher, { fifo: { groupBy: '$.detail.metadata.subject' } });

    expect(holesIn(Template.fromStack(stack))).toEqual([]);
  });
});

type Json = { [key: string]: unknown };

/** A consumer and an event store, with all their nets. */
const undamaged = whole();

function whole(): Json {
  const { stack, bus } = emptyBus();
  new Consumer(stack, 'Consumer', { bus, subscription: watcher, entry: 'functions/orders/handler.ts' });
  new EventStore(stack, 'Store', { bus, context: 'orders', source: 'shop.orders' });
  return Template.fromStack(stack).toJSON();
}

/** The same with one resource damaged: that of a type, with a property set or taken away. */
function damaged(type: string, property: string, value: unknown, isMeant: (properties: Json) => boolean): Template {
  const template = structuredClone(undamaged);
  const resources = Object.values(template.Resources as Record<string, { Type: string; Properties: Json }>);
  const meant = resources.filter(({ Type, Properties }) => Type === type && isMeant(Properties));
  expect(meant).toHaveLength(1);
  for (const { Properties } of meant) {
    const path = property.split('.');
    const last = path.pop() ?? '';
    const owner = path.reduce((object, key) => object[key] as Json, Properties);
    if (value === undefined) delete owner[last];
    else owner[last] = value;
  }
  return Template.fromJSON(template);
}

const any = () => true;
const named = (name: string) => (properties: Json) => properties.QueueName === name;
const ofQueue = (properties: Json) => 'ScalingConfig' in properties;
const ofStream = (properties: Json) => 'StartingPosition' in properties;
const ofConsumer = ({ FunctionName }: Json) => FunctionName === 'testbus-watcher';
const sending = (role: string) => (properties: Json) =>
  JSON.stringify(properties.Roles).includes(role) && JSON.stringify(properties).includes('sqs:SendMessage');

const RULE = 'AWS::Events::Rule';
const MAPPING = 'AWS::Lambda::EventSourceMapping';
const QUEUE = 'AWS::SQS::Queue';
const FUNCTION = 'AWS::Lambda::Function';
const POLICY = 'AWS::IAM::Policy';

const damages: readonly (readonly [
  hole: string,
  type: string,
  property: string,
  value: unknown,
  is: (p: Json) => boolean,
])[] = [
  ['has a target without a dead-letter queue', RULE, 'Targets.0.DeadLetterConfig', undefined, any],
  ['has no target', RULE, 'Targets', [], any],
  ['is disabled', RULE, 'State', 'DISABLED', any],
  ['gives up in less than a day', RULE, 'Targets.0.RetryPolicy.MaximumEventAgeInSeconds', 60, any],
  [
    'may not send to its dead-letter queue',
    RULE,
    'Targets.0.DeadLetterConfig.Arn',
    { 'Fn::GetAtt': ['ConsumerDeadLetterQueue', 'Arn'] },
    any,
  ],
  ['takes along what was handled', MAPPING, 'FunctionResponseTypes', undefined, ofQueue],
  ['takes along what was handled', MAPPING, 'FunctionResponseTypes', undefined, ofStream],
  ['is disabled', MAPPING, 'Enabled', false, ofQueue],
  ['filters a queue', MAPPING, 'FilterCriteria', { Filters: [] }, ofQueue],
  ['has no queue for what failed for good', MAPPING, 'DestinationConfig', undefined, ofStream],
  ['gives up after the stream has forgotten', MAPPING, 'MaximumRecordAgeInSeconds', undefined, ofStream],
  ['gives up after some attempts', MAPPING, 'MaximumRetryAttempts', 10, ofStream],
  ['gives up a whole batch for one record', MAPPING, 'BisectBatchOnFunctionError', undefined, ofStream],
  ['passes over what was written before', MAPPING, 'StartingPosition', 'LATEST', ofStream],
  ['has no dead-letter queue', QUEUE, 'RedrivePolicy', undefined, named('testbus-watcher')],
  ['delivers a message again while it is handled', QUEUE, 'VisibilityTimeout', 59, named('testbus-watcher')],
  ['to which SQS leaves fewer attempts', QUEUE, 'RedrivePolicy.maxReceiveCount', 20, named('testbus-watcher')],
  ['has a dead-letter queue of another kind', QUEUE, 'FifoQueue', true, named('testbus-watcher')],
  ['is a dead-letter queue that forgets', QUEUE, 'MessageRetentionPeriod', 60, named('testbus-watcher-dlq')],
  ['is a dead-letter queue that forgets', QUEUE, 'MessageRetentionPeriod', 60, named('testbus-watcher-target-dlq')],
  ['is a dead-letter queue that forgets', QUEUE, 'MessageRetentionPeriod', 60, named('testbus-orders-relay-dlq')],
  ['which takes another queue for its own', FUNCTION, 'Environment.Variables.QUEUE_URL', 'https://other', ofConsumer],
  [
    'which has another dead-letter queue',
    FUNCTION,
    'Environment.Variables.DEAD_LETTER_QUEUE_URL',
    undefined,
    ofConsumer,
  ],
  ['which may not send to its dead-letter queue', POLICY, 'PolicyDocument.Statement', [], sending('ConsumerFunction')],
  ['may not send to the queue for what failed', POLICY, 'PolicyDocument.Statement', [], sending('StoreRelay')],
];

it('nothing is found where all are', () => {
  expect(holesIn(Template.fromJSON(undamaged))).toEqual([]);
});

it.each(damages)('without its net it is found: %s (%s, %s)', (hole, type, property, value, isMeant) => {
  expect(holesIn(damaged(type, property, value, isMeant))).toContainEqual(expect.stringContaining(hole));
});

/** What somebody may add later, and forget the net of. */
const additions: Readonly<Record<string, readonly [hole: string, add: (stack: Stack, bus: FactBus) => void]>> = {
  'a rule without a dead-letter queue': [
    'has a target without a dead-letter queue',
    (stack, { eventBus }) => {
      const targets = [new SqsQueue(new Queue(stack, 'Added'))];
      new Rule(stack, 'Rule', { eventBus, eventPattern: { source: ['shop.orders'] }, targets });
    },
  ],
  'a rule that invokes a function': [
    'lets a function be invoked asynchronously, and nothing catches what fails',
    (stack, { eventBus }) => {
      const targets = [new LambdaFunction(functionOn(stack), { deadLetterQueue: new Queue(stack, 'Added') })];
      new Rule(stack, 'Rule', { eventBus, eventPattern: { source: ['shop.orders'] }, targets });
    },
  ],
  'a function that nothing feeds': ['is fed by no mapping', (stack) => functionOn(stack)],
  'a queue that nobody consumes': ['is consumed by nobody', (stack) => new Queue(stack, 'Added')],
  'a mapping of a queue that has no dead-letter queue': [
    'has no dead-letter queue',
    (stack) => {
      const { queueArn: eventSourceArn } = new Queue(stack, 'Added', { visibilityTimeout: Duration.minutes(5) });
      new CfnEventSourceMapping(stack, 'Mapping', { eventSourceArn, functionName: functionOn(stack).functionName });
    },
  ],
  'a topic that delivers to a queue': [
    'is a AWS::SNS::Subscription: decide what catches what it drops',
    (stack) => new Topic(stack, 'Topic').addSubscription(new SqsSubscription(new Queue(stack, 'Added'))),
  ],
};

function functionOn(stack: Stack): BackboneFunction {
  const entry = 'functions/orders/handler.ts';
  return new BackboneFunction(stack, 'Function', { name: 'added', service: 'added', entry, durability: disposable });
}

it.each(Object.entries(additions))('a net is missed below what is added: %s', (_, [hole, add]) => {
  const { stack, bus } = emptyBus();

  add(stack, bus);

  expect(holesIn(Template.fromStack(stack))).toContainEqual(expect.stringContaining(hole));
});

describe('queues', () => {
  const template = templateOf('prod');
  const queues = resourcesOf<QueueProperties>(template, QUEUE);
  const queuePolicies = Object.values(resourcesOf<PolicyProperties>(template, 'AWS::SQS::QueuePolicy'));

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
