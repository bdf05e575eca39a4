import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Function as LambdaFunction, LoggingFormat, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { Variable } from '../../functions/backbone/environment.ts';
import { bundle, isEntry } from './bundle.ts';
import type { Durability } from './durability.ts';
import { type FaultRule, refuseFaults } from './faults.ts';

/** What a function is told by its construct: the backbone's variables, and any of the context's own. */
export type Environment = { readonly [Name in Variable]?: string } & Readonly<Record<string, string>>;

export interface BackboneFunctionProps {
  /** The function's physical name, 1–64 letters, digits, hyphens and underscores. */
  readonly name: string;
  /** The context that it works for: `service` in its logs and metrics, such as `orders`. */
  readonly service: string;
  /** The file that exports `handler`, relative to the project's folder, such as `functions/orders/handler.ts`. */
  readonly entry: string;
  readonly durability: Durability;
  /**
   * 1 second to 15 minutes. What is under way longer is cut off and delivered again.
   *
   * @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
   * @default 10 seconds
   */
  readonly timeout?: Duration;
  /**
   * Memory in MB, 128–10,240. The processor's share grows with it.
   *
   * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
   * @default 512
   */
  readonly memory?: number;
  /**
   * What its metrics are counted under: the bus's name, so that stages in one account do not count together.
   *
   * @default factbus
   */
  readonly metricsNamespace?: string;
  /** @default - nothing beyond what every function is told */
  readonly environment?: Environment;
}

export const DEFAULT_TIMEOUT = Duration.seconds(10);
const DEFAULT_MEMORY = 512;

/** The faults that any construct with a function of its own checks along with its own. */
export const FUNCTION_FAULTS: readonly FaultRule<
  Pick<BackboneFunctionProps, 'name' | 'entry' | 'timeout' | 'memory'>
>[] = [
  {
    wrong: ({ name }) => !/^[A-Za-z0-9_-]{1,64}$/.test(name),
    fault: ({ name }) =>
      `the function would be named '${name}' (${name.length} characters): AWS takes 1–64 letters, digits, hyphens and underscores`,
  },
  {
    wrong: ({ entry }) => !isEntry(entry),
    fault: ({ entry }) => `entry '${entry}' does not exist: give the handler's file, relative to the project's folder`,
  },
  {
    wrong: ({ timeout = DEFAULT_TIMEOUT }) => !isWholeSeconds(timeout, 1, 900),
    fault: ({ timeout }) => `timeout is ${timeout?.toHumanString()}: give whole seconds, 1 second to 15 minutes`,
  },
  {
    wrong: ({ memory = DEFAULT_MEMORY }) => !Number.isInteger(memory) || memory < 128 || memory > 10_240,
    fault: ({ memory }) => `memory is ${memory} MB: give a whole number of 128–10,240 MB`,
  },
];

function isWholeSeconds(duration: Duration, least: number, most: number): boolean {
  const seconds = duration.toSeconds({ integral: false });
  return Number.isInteger(seconds) && seconds >= least && seconds <= most;
}

/**
 * A Lambda function with the backbone's defaults: Node 24 on arm64, one minified ES module with the SDK in it,
 * JSON logs in a log group that forgets, and a role that may write to that log group and nothing else until it is
 * granted more.
 *
 * @example
 * new BackboneFunction(this, 'Function', {
 *   name: 'factbus-orders',
 *   service: 'orders',
 *   entry: 'functions/orders/handler.ts',
 *   durability: disposable,
 * });
 */
export class BackboneFunction extends LambdaFunction {
  /** The file that it was bundled from, relative to the project's folder. */
  readonly entry: string;
  /** `service` in its logs and metrics. */
  readonly service: string;

  constructor(scope: Construct, id: string, props: BackboneFunctionProps) {
    const { name, service, timeout = DEFAULT_TIMEOUT } = props;
    refuseFaults(`BackboneFunction '${scope.node.path}/${id}'`, props, FUNCTION_FAULTS);

    const logGroup = new LogGroup(scope, `${id}Logs`, {
      logGroupName: `/aws/lambda/${name}`,
      retention: props.durability.logRetention,
      // Logs tell what happened, and are no data: what must last is in the tables.
      removalPolicy: RemovalPolicy.DESTROY,
    });
    // AWS's managed policy would let it write to every log group of the account.
    const role = new Role(scope, `${id}Role`, {
      description: `What ${name} may do`,
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    });
    logGroup.grantWrite(role);

    super(scope, id, {
      functionName: name,
      code: bundle(props.entry),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      timeout,
      memorySize: props.memory ?? DEFAULT_MEMORY,
      role,
      logGroup,
      loggingFormat: LoggingFormat.JSON,
      environment: {
        POWERTOOLS_SERVICE_NAME: service,
        POWERTOOLS_METRICS_NAMESPACE: props.metricsNamespace ?? 'factbus',
        // Stack traces in the logs name the source's files and lines: 7 ms of a cold start, of some 50.
        NODE_OPTIONS: '--enable-source-maps',
        FUNCTION_TIMEOUT_SECONDS: String(timeout.toSeconds()),
        ...props.environment,
      },
    });
    this.entry = props.entry;
    this.service = service;
  }
}
