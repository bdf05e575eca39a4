import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Generation } from '../../functions/order-view/generations.ts';
import type { Destination } from '../connection.ts';
import { OperatorError } from '../failure.ts';

const REPOSITORY = path.join(import.meta.dirname, '../..');

/** A deployment of the stage with these generations of the view. */
export interface Deployment {
  readonly stage: string;
  readonly generations: readonly Generation[];
  /** What else the stage is deployed with, such as `mailFrom=shop@example.com`: CDK keeps none of it. */
  readonly context: readonly string[];
}

/** What is given to `cdk deploy`. */
export function deployArguments({ stage, generations, context }: Deployment): readonly string[] {
  const pairs = [`stage=${stage}`, ...context, `orderViews=${generations.join(',')}`];
  return pairs.flatMap((pair) => ['-c', pair]);
}

/** The same as a person types it. */
export function describeDeployment(deployment: Deployment): string {
  return `npm run deploy -- ${deployArguments(deployment).join(' ')}`;
}

/**
 * Deploys, with the plain CDK command line of this checkout; what it says goes to standard error.
 *
 * @throws OperatorError when CDK fails
 */
export async function deployViews(
  deployment: Deployment,
  { profile, region, endpointUrl, local }: Destination,
  environment: NodeJS.ProcessEnv,
  endpoint: string | undefined,
): Promise<void> {
  // A folder of its own: CDK lets nobody else work in one meanwhile.
  const output = mkdtempSync(path.join(tmpdir(), 'factbus-cdk-'));
  try {
    const { localAwsEnvironment } = await import('../../localstack/local-aws.ts');
    const env = {
      ...environment,
      ...(local && endpoint !== undefined && localAwsEnvironment(endpoint)),
      ...(endpointUrl !== undefined && { AWS_ENDPOINT_URL: endpointUrl }),
      ...(region !== undefined && { AWS_REGION: region }),
    };
    const own = ['--require-approval', 'never', '--output', output, ...(profile ? ['--profile', profile] : [])];
    const child = spawn(
      process.execPath,
      [path.join(REPOSITORY, 'node_modules/aws-cdk/bin/cdk'), 'deploy', ...own, ...deployArguments(deployment)],
      { cwd: REPOSITORY, env, stdio: ['ignore', 2, 2] },
    );
    const [code] = await once(child, 'close');
    if (code !== 0) {
      throw new OperatorError(`cdk deploy ended with ${code}; what it says is above.`, {
        remedies: [`By hand: ${describeDeployment(deployment)}`],
      });
    }
  } finally {
    rmSync(output, { recursive: true, force: true });
  }
}
