import { VerifyEmailIdentityCommand } from '@aws-sdk/client-ses';
import type { TestProject } from 'vitest/node';
import { down, type LocalAws, localAwsEnvironment, up } from '../../localstack/local-aws.ts';
import { terminalReport } from '../../localstack/report.ts';
import { readSettings } from '../../localstack/settings.ts';
import { clientsOf } from '../../localstack/shop/clients.ts';
import { type Deployed, deploy } from '../../localstack/shop/deploy.ts';
import { SEED } from '../../localstack/shop/seed.ts';

/** The local AWS that the tests run on, and what is deployed there for them. */
export interface LocalStage {
  readonly aws: LocalAws;
  readonly deployed: Deployed;
}

declare module 'vitest' {
  interface ProvidedContext {
    local: LocalStage;
  }
}

/**
 * Brings the local AWS up where none is there, deploys a stage of its own beside whatever else is deployed, and takes
 * down only what it brought up.
 */
export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const report = terminalReport();
  const coming = up({ report, settings: readSettings() });
  const deployed = await deploy(coming, { stage: 'test', context: { durable: 'false' } }, report);
  const aws = await coming;
  const { endpoint, startedHere } = aws;
  Object.assign(process.env, localAwsEnvironment(endpoint));
  await clientsOf({ endpoint }).mail.send(new VerifyEmailIdentityCommand({ EmailAddress: SEED.mailFrom }));
  provide('local', { aws, deployed });
  return async () => {
    if (startedHere) await down({ report });
  };
}
