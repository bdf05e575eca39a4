import type { Template } from 'aws-cdk-lib/assertions';
import {
  type FunctionProperties,
  type MappingProperties,
  type PolicyProperties,
  type QueueProperties,
  type Reference,
  type RuleProperties,
  referred,
  resourcesOf,
} from './synthesised.ts';

const DAY = 24 * 3600;

/** What carries no events, or only those that something else here answers for. */
const CARRIES_NOTHING: ReadonlySet<string> = new Set([
  'AWS::CloudWatch::Alarm',
  'AWS::CloudWatch::Dashboard',
  'AWS::Events::Archive',
  'AWS::Events::EventBus',
  'AWS::IAM::Policy',
  'AWS::IAM::Role',
  'AWS::Logs::LogGroup',
  'AWS::SNS::Topic',
  'AWS::SNS::TopicPolicy',
  'AWS::SQS::QueuePolicy',
]);

/**
 * Every place in a stack where an event could be dropped without a word: a rule, mapping, queue, function or table stream
 * without the net that catches what it cannot pass on. A kind of resource that nobody has thought about counts as one.
 */
export function holesIn(template: Template): readonly string[] {
  const stack = new Stack(template);
  const all: Readonly<Record<string, { readonly Type: string }>> = template.toJSON().Resources;
  return Object.entries(all).flatMap(([id, { Type }]) => {
    const holes = CHECKS[Type];
    if (holes !== undefined) return holes(id, stack).map((hole) => `${id} ${hole}`);
    return CARRIES_NOTHING.has(Type)
      ? []
      : [`${id} is a ${Type}: decide what catches what it drops, and check it here`];
  });
}

const CHECKS: Readonly<Record<string, (id: string, stack: Stack) => readonly string[]>> = {
  'AWS::Events::Rule': holesOfRule,
  'AWS::Lambda::EventSourceMapping': holesOfMapping,
  'AWS::SQS::Queue': holesOfQueue,
  'AWS::Lambda::Function': holesOfFunction,
  'AWS::Lambda::Permission': holesOfPermission,
  'AWS::Lambda::EventInvokeConfig': holesOfInvocations,
  'AWS::DynamoDB::Table': holesOfTable,
};

interface InvocationProperties {
  readonly FunctionName: Reference;
  readonly DestinationConfig?: { readonly OnFailure?: { readonly Destination: Reference } };
}

interface TableProperties {
  readonly StreamSpecification?: unknown;
}

/** A template's resources, and who refers to whom. */
class Stack {
  readonly rules;
  readonly mappings;
  readonly queues;
  readonly functions;
  readonly invocations;
  readonly permissions;
  readonly tables;
  readonly #policies;
  readonly #queuePolicies;

  constructor(template: Template) {
    this.rules = resourcesOf<RuleProperties>(template, 'AWS::Events::Rule');
    this.mappings = resourcesOf<MappingProperties>(template, 'AWS::Lambda::EventSourceMapping');
    this.queues = resourcesOf<QueueProperties>(template, 'AWS::SQS::Queue');
    this.functions = resourcesOf<FunctionProperties>(template, 'AWS::Lambda::Function');
    this.invocations = resourcesOf<InvocationProperties>(template, 'AWS::Lambda::EventInvokeConfig');
    this.permissions = resourcesOf<{ readonly FunctionName: Reference }>(template, 'AWS::Lambda::Permission');
    this.tables = resourcesOf<TableProperties>(template, 'AWS::DynamoDB::Table');
    this.#policies = Object.values(resourcesOf<PolicyProperties>(template, 'AWS::IAM::Policy'));
    this.#queuePolicies = Object.values(resourcesOf<PolicyProperties>(template, 'AWS::SQS::QueuePolicy'));
  }

  /** Whether a reference leads to a queue that is kept for as long as SQS keeps anything. */
  isNet(reference: Reference | undefined): boolean {
    if (reference === undefined) return false;
    return this.queues[referred(reference)]?.Properties.MessageRetentionPeriod === 14 * DAY;
  }

  isFifo(reference: Reference): boolean {
    return this.queues[referred(reference)]?.Properties.FifoQueue === true;
  }

  /** Who sends their failures to a queue. */
  isDeadLetterQueue(id: string): boolean {
    const nets = [
      ...Object.values(this.queues).map(({ Properties }) => Properties.RedrivePolicy?.deadLetterTargetArn),
      ...Object.values(this.rules).flatMap(({ Properties }) => Properties.Targets.map((t) => t.DeadLetterConfig?.Arn)),
      ...[...Object.values(this.mappings), ...Object.values(this.invocations)].map(
        ({ Properties }) => Properties.DestinationConfig?.OnFailure?.Destination,
      ),
    ];
    return nets.some((net) => net !== undefined && referred(net) === id);
  }

  mayEventBridgeSend(rule: string, queue: Reference): boolean {
    return this.#queuePolicies
      .filter(({ Properties }) => Properties.Queues?.some((one) => referred(one) === referred(queue)))
      .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
      .some(({ Effect, Action, Principal, Condition }) => {
        const wanted = {
          Principal: { Service: 'events.amazonaws.com' },
          Condition: { ArnEquals: { 'aws:SourceArn': { 'Fn::GetAtt': [rule, 'Arn'] } } },
        };
        const isSending = Effect === 'Allow' && [Action].flat().includes('sqs:SendMessage');
        return isSending && JSON.stringify({ Principal, Condition }) === JSON.stringify(wanted);
      });
  }

  mayFunctionSend(id: string, queue: Reference): boolean {
    const role = this.functions[id]?.Properties.Role;
    return this.#policies
      .filter(({ Properties }) =>
        Properties.Roles?.some((one) => role !== undefined && referred(one) === referred(role)),
      )
      .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
      .some(
        ({ Effect, Action, Resource }) =>
          Effect === 'Allow' &&
          [Action].flat().includes('sqs:SendMessage') &&
          [Resource].flat().some((resource) => typeof resource === 'object' && referred(resource) === referred(queue)),
      );
  }
}

function holesOfRule(id: string, stack: Stack): readonly string[] {
  const rule = stack.rules[id]?.Properties;
  const targets = rule?.Targets ?? [];
  return [
    ...holes(rule?.State === 'DISABLED', 'is disabled: what it should deliver is nowhere'),
    ...holes(targets.length === 0, 'has no target'),
    ...targets.flatMap(({ Arn, DeadLetterConfig, RetryPolicy }) => {
      const dlq = DeadLetterConfig?.Arn;
      if (dlq === undefined) return [`has a target without a dead-letter queue: ${referred(Arn)}`];
      const isQueue = referred(Arn) in stack.queues;
      return [
        ...holes(!stack.isNet(dlq), `has a dead-letter queue that forgets: ${referred(dlq)}`),
        ...holes(
          stack.isFifo(dlq),
          `has a FIFO queue for dead letters, which EventBridge does not take: ${referred(dlq)}`,
        ),
        ...holes(!stack.mayEventBridgeSend(id, dlq), `may not send to its dead-letter queue ${referred(dlq)}`),
        ...holes(isQueue && !stack.mayEventBridgeSend(id, Arn), `may not send to its target ${referred(Arn)}`),
        ...holes((RetryPolicy?.MaximumEventAgeInSeconds ?? DAY) < DAY, 'gives up in less than a day'),
      ];
    }),
  ];
}

function holesOfMapping(id: string, stack: Stack): readonly string[] {
  const mapping = stack.mappings[id]?.Properties;
  if (mapping === undefined) return [];
  const source = referred(mapping.EventSourceArn);
  const isPartial = mapping.FunctionResponseTypes?.includes('ReportBatchItemFailures') === true;
  return [
    ...holes(mapping.Enabled === false, 'is disabled: what it should deliver expires'),
    ...holes(!isPartial, 'takes along what was handled when something beside it fails'),
    ...(source in stack.queues ? holesOfQueueMapping(mapping, stack) : holesOfStreamMapping(mapping, stack)),
  ];
}

function holesOfQueueMapping(mapping: MappingProperties, stack: Stack): readonly string[] {
  const queue = stack.queues[referred(mapping.EventSourceArn)]?.Properties;
  const consumer = referred(mapping.FunctionName);
  const { Timeout = Number.NaN, Environment } = stack.functions[consumer]?.Properties ?? {};
  const { QUEUE_URL, DEAD_LETTER_QUEUE_URL, RETRY_ATTEMPTS } = Environment?.Variables ?? {};
  const dlq = queue?.RedrivePolicy?.deadLetterTargetArn;
  const least = 6 * Timeout + (mapping.MaximumBatchingWindowInSeconds ?? 0);
  const deliveries = queue?.RedrivePolicy?.maxReceiveCount ?? 0;
  const isRef = (variable: unknown, to: Reference | undefined) =>
    to !== undefined && JSON.stringify(variable) === JSON.stringify({ Ref: referred(to) });
  return [
    ...holes(mapping.FilterCriteria !== undefined, 'filters a queue: Lambda deletes what does not match'),
    ...holes(!((queue?.VisibilityTimeout ?? 0) >= least), 'delivers a message again while it is handled'),
    ...holes(!isRef(QUEUE_URL, mapping.EventSourceArn), `feeds ${consumer}, which takes another queue for its own`),
    ...holes(
      !isRef(DEAD_LETTER_QUEUE_URL, dlq),
      `feeds ${consumer}, which has another dead-letter queue than its queue`,
    ),
    ...holes(
      dlq !== undefined && !stack.mayFunctionSend(consumer, dlq),
      `feeds ${consumer}, which may not send to its dead-letter queue`,
    ),
    ...holes(
      !(Number(RETRY_ATTEMPTS) < deliveries),
      `feeds ${consumer}, to which SQS leaves fewer attempts than it thinks`,
    ),
  ];
}

function holesOfStreamMapping(mapping: MappingProperties, stack: Stack): readonly string[] {
  const net = mapping.DestinationConfig?.OnFailure?.Destination;
  const relay = referred(mapping.FunctionName);
  return [
    ...holes(!stack.isNet(net), 'has no queue for what failed for good'),
    ...holes(net !== undefined && !stack.mayFunctionSend(relay, net), 'may not send to the queue for what failed'),
    ...holes(!((mapping.MaximumRecordAgeInSeconds ?? DAY) < DAY), 'gives up after the stream has forgotten'),
    ...holes(
      (mapping.MaximumRetryAttempts ?? -1) !== -1,
      'gives up after some attempts, however short the trouble was',
    ),
    ...holes(mapping.BisectBatchOnFunctionError !== true, 'gives up a whole batch for one record'),
    ...holes(mapping.StartingPosition !== 'TRIM_HORIZON', 'passes over what was written before it was there'),
  ];
}

function holesOfQueue(id: string, stack: Stack): readonly string[] {
  const { RedrivePolicy, MessageRetentionPeriod, FifoQueue = false } = stack.queues[id]?.Properties ?? {};
  if (stack.isDeadLetterQueue(id)) {
    return holes(MessageRetentionPeriod !== 14 * DAY, 'is a dead-letter queue that forgets');
  }
  const isConsumed = Object.values(stack.mappings).some(({ Properties }) => referred(Properties.EventSourceArn) === id);
  if (!isConsumed) return ['is consumed by nobody, and nobody has it for dead letters: what it holds expires'];
  const dlq = RedrivePolicy?.deadLetterTargetArn;
  if (dlq === undefined) return ['has no dead-letter queue: what crashes its consumer goes round until it expires'];
  return [
    ...holes(!stack.isNet(dlq), `has a dead-letter queue that forgets: ${referred(dlq)}`),
    ...holes(stack.isFifo(dlq) !== FifoQueue, 'has a dead-letter queue of another kind, which SQS does not take'),
  ];
}

function holesOfFunction(id: string, stack: Stack): readonly string[] {
  const isFed = Object.values(stack.mappings).some(({ Properties }) => referred(Properties.FunctionName) === id);
  const isCaught = Object.values(stack.invocations).some(({ Properties }) => referred(Properties.FunctionName) === id);
  return holes(
    !isFed && !isCaught,
    'is fed by no mapping: an asynchronous invocation is dropped after its third failure',
  );
}

/** Whoever is allowed to invoke a function otherwise does it asynchronously. */
function holesOfPermission(id: string, stack: Stack): readonly string[] {
  const { FunctionName } = stack.permissions[id]?.Properties ?? {};
  const isCaught = Object.values(stack.invocations).some(
    ({ Properties }) => FunctionName !== undefined && referred(Properties.FunctionName) === referred(FunctionName),
  );
  return holes(!isCaught, 'lets a function be invoked asynchronously, and nothing catches what fails');
}

function holesOfInvocations(id: string, stack: Stack): readonly string[] {
  const net = stack.invocations[id]?.Properties.DestinationConfig?.OnFailure?.Destination;
  return holes(!stack.isNet(net), 'has no queue for invocations that failed for good');
}

function holesOfTable(id: string, stack: Stack): readonly string[] {
  const hasStream = stack.tables[id]?.Properties.StreamSpecification !== undefined;
  const isRead = Object.values(stack.mappings).some(({ Properties }) => referred(Properties.EventSourceArn) === id);
  return holes(hasStream && !isRead, 'has a stream that nobody reads: what is committed is never published');
}

function holes(isHole: boolean, hole: string): readonly string[] {
  return isHole ? [hole] : [];
}
