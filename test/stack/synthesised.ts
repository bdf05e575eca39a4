import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import type { Subscription } from '../../functions/backbone/subscription.ts';
import { Consumer } from '../../lib/backbone/consumer.ts';
import type { ConsumerProps } from '../../lib/backbone/consumer-props.ts';
import { disposable } from '../../lib/backbone/durability.ts';
import { FactBus } from '../../lib/backbone/fact-bus.ts';
import { FactbusApp } from '../../lib/factbus-app.ts';

/** Leaves out what takes its time and has tests of its own: bundles, and CDK's check of the template. */
const QUICKLY = { builtinCloudFormationValidation: false } as const;
const WITHOUT_BUNDLES = { 'aws:cdk:bundling-stacks': [] };

/** The app with this context, as on `cdk synth -c stage=prod`. */
export function app(context: Readonly<Record<string, unknown>> = {}): FactbusApp {
  return new FactbusApp({ ...QUICKLY, context: { ...WITHOUT_BUNDLES, mailFrom: 'shop@example.com', ...context } });
}

const templates = new Map<string, Template>();

/** The template of a stage; synthesised once a test file. */
export function templateOf(stage: 'dev' | 'prod'): Template {
  const template = templates.get(stage) ?? Template.fromStack(app({ stage }).stack);
  templates.set(stage, template);
  return template;
}

/** A stack that holds nothing but a bus, to put a construct on. */
export function emptyBus(): { stack: Stack; bus: FactBus } {
  const stack = new Stack(undefined, 'Test');
  stack.node.setContext('aws:cdk:bundling-stacks', []);
  return { stack, bus: new FactBus(stack, 'Bus', { name: 'testbus', durability: disposable }) };
}

/** A consumer of this subscription on a bus of its own. */
export function consumerOf(
  subscription: Subscription,
  props: Partial<ConsumerProps> = {},
): { stack: Stack; consumer: Consumer } {
  const { stack, bus } = emptyBus();
  const entry = 'functions/orders/handler.ts';
  return { stack, consumer: new Consumer(stack, 'Consumer', { bus, subscription, entry, ...props }) };
}

export interface Resource<Properties> {
  readonly Properties: Properties;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

/** All resources of a type by their logical ids. The caller says which of the properties it looks at. */
export function resourcesOf<Properties>(
  template: Template,
  type: string,
): Readonly<Record<string, Resource<Properties>>> {
  return Object.fromEntries(
    Object.entries(template.findResources(type)).map(([id, resource]) => [id, { Properties: {}, ...resource }]),
  ) as Record<string, Resource<Properties>>;
}

/** `{ "Fn::GetAtt": [id, attribute] }` or `{ "Ref": id }`: what one resource says of another. */
export type Reference = { readonly 'Fn::GetAtt': readonly [string, string] } | { readonly Ref: string };

/** The logical id that a reference leads to. */
export function referred(reference: Reference | undefined): string {
  if (reference === undefined) throw new Error('there is no reference');
  return 'Ref' in reference ? reference.Ref : reference['Fn::GetAtt'][0];
}

export interface QueueProperties {
  readonly QueueName: string;
  readonly FifoQueue?: boolean;
  readonly ContentBasedDeduplication?: boolean;
  readonly DelaySeconds?: number;
  readonly MessageRetentionPeriod: number;
  readonly VisibilityTimeout?: number;
  readonly SqsManagedSseEnabled?: boolean;
  readonly RedrivePolicy?: { readonly deadLetterTargetArn: Reference; readonly maxReceiveCount: number };
}

export interface FunctionProperties {
  readonly FunctionName: string;
  readonly Timeout: number;
  readonly Role: Reference;
  readonly Environment: { readonly Variables: Readonly<Record<string, unknown>> };
  readonly LoggingConfig: { readonly LogFormat: string; readonly LogGroup: Reference };
}

export interface MappingProperties {
  readonly EventSourceArn: Reference;
  readonly FunctionName: Reference;
  readonly FunctionResponseTypes?: readonly string[];
  readonly DestinationConfig?: { readonly OnFailure: { readonly Destination: Reference } };
  readonly FilterCriteria?: { readonly Filters: readonly { readonly Pattern: string }[] };
  readonly MaximumRecordAgeInSeconds?: number;
  readonly MaximumRetryAttempts?: number;
  readonly MaximumBatchingWindowInSeconds?: number;
  readonly BisectBatchOnFunctionError?: boolean;
  readonly StartingPosition?: string;
  readonly Enabled?: boolean;
}

export interface RuleProperties {
  readonly Name: string;
  readonly EventBusName: Reference;
  readonly EventPattern: unknown;
  readonly State?: string;
  readonly Targets: readonly {
    readonly Arn: Reference;
    readonly DeadLetterConfig?: { readonly Arn: Reference };
    readonly RetryPolicy?: { readonly MaximumEventAgeInSeconds: number; readonly MaximumRetryAttempts: number };
    readonly SqsParameters?: { readonly MessageGroupId: string };
  }[];
}

export interface Statement {
  readonly Action: string | readonly string[];
  readonly Effect: 'Allow' | 'Deny';
  readonly Resource: Reference | readonly Reference[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly Principal?: unknown;
}

export interface PolicyProperties {
  readonly PolicyDocument: { readonly Statement: readonly Statement[] };
  readonly Roles?: readonly Reference[];
  readonly Queues?: readonly Reference[];
}
