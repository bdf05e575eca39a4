import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { type LocalAws, localAwsClientConfig, localAwsEnvironment } from '../local-aws.ts';
import { type Report, type Step, silentReport } from '../report.ts';
import { readSettings } from '../settings.ts';
import { cdk, readOutputs } from './cdk.ts';

/** The account that LocalStack has. */
const ACCOUNT = '000000000000';

/** A stage to deploy, by its CDK context. */
export interface StageToDeploy {
  /** @default dev */
  readonly stage?: string;
  /** Further CDK context, such as `{ durable: 'false' }`. */
  readonly context?: Readonly<Record<string, string>>;
}

/** The names of what is deployed, as the stack's outputs tell them. */
export interface Deployed {
  readonly busName: string;
  readonly tables: {
    readonly orders: string;
    readonly inventory: string;
    readonly payments: string;
    readonly shipping: string;
    readonly orderView: string;
    readonly contacts: string;
  };
}

/**
 * Deploys the very stack that goes to AWS, with the plain CDK command line. It is synthesised while the local AWS still
 * comes up, and CDK itself leaves alone what has not changed.
 *
 * @param coming the local AWS on its way up
 * @throws LocalAwsError with what CDK said
 */
export async function deploy(
  coming: Promise<LocalAws>,
  { stage = 'dev', context = {} }: StageToDeploy = {},
  report: Report = silentReport,
): Promise<Deployed> {
  // Nothing is worth synthesising for an AWS that does not come.
  const nowhere = new AbortController();
  coming.catch(() => nowhere.abort());

  const folder = path.join(readSettings().folder, 'cdk', stage);
  mkdirSync(folder, { recursive: true });
  const assembly = path.join(folder, 'cdk.out');
  const outputs = path.join(folder, 'outputs.json');
  const stack = stage === 'dev' ? 'factbus' : `factbus-${stage}`;

  const synthesised = timed(report.step('Synthesis'), async (step) => {
    const pairs = Object.entries({ stage, ...context }).flatMap(([key, value]) => ['--context', `${key}=${value}`]);
    const args = ['synth', '--quiet', '--output', assembly, ...pairs];
    // The stack tests hold the template against all rules; here it would cost a third of the time.
    await cdk({
      args,
      environment: { CDK_VALIDATION: 'false' },
      signal: nowhere.signal,
      progress: (line) => step.progress(line),
    });
    return undefined;
  });
  // Its failure is reported below; until then nobody else waits for it.
  synthesised.catch(() => {});

  const aws = await coming;
  const environment = localAwsEnvironment(aws.endpoint);
  const bootstrapped = timed(report.step('Bootstrap'), async (step) => {
    if (await isDeployed('CDKToolkit', aws)) return 'there already';
    // Away from cdk.json, so that the app is not synthesised to find out which account and region are meant.
    const args = ['bootstrap', `aws://${ACCOUNT}/${aws.region}`];
    await cdk({ args, environment, folder, progress: (line) => step.progress(line) });
    return undefined;
  });
  await Promise.all([synthesised, bootstrapped]);

  await timed(report.step('Deployment'), async (step) => {
    const args = ['deploy', '--app', assembly, '--require-approval', 'never', '--outputs-file', outputs];
    const said = await cdk({ args, environment, progress: (line) => step.progress(line) });
    return said.includes('(no changes)') ? 'nothing had changed' : `stack ${stack}`;
  });
  return toDeployed(readOutputs(outputs, stack));
}

function toDeployed(outputs: Readonly<Record<string, string>>): Deployed {
  const output = (name: string): string => {
    const value = outputs[name];
    if (value === undefined)
      throw new Error(`the stack has no output ${name}, only ${Object.keys(outputs).join(', ')}`);
    return value;
  };
  return {
    busName: output('BusName'),
    tables: {
      orders: output('OrdersTable'),
      inventory: output('InventoryTable'),
      payments: output('PaymentsTable'),
      shipping: output('ShippingTable'),
      orderView: output('OrderViewTable'),
      contacts: output('ContactsTable'),
    },
  };
}

async function isDeployed(stack: string, { endpoint }: LocalAws): Promise<boolean> {
  const client = new CloudFormationClient(localAwsClientConfig(endpoint));
  try {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: stack }));
    return Stacks.some(({ StackStatus }) => StackStatus === 'CREATE_COMPLETE' || StackStatus === 'UPDATE_COMPLETE');
  } catch (error) {
    if (error instanceof Error && error.name === 'ValidationError') return false;
    throw error;
  } finally {
    client.destroy();
  }
}

async function timed(step: Step, work: (step: Step) => Promise<string | undefined>): Promise<void> {
  try {
    step.done(await work(step));
  } catch (error) {
    step.failed();
    throw error;
  }
}
