import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { LocalAwsError } from '../local-aws-error.ts';
import { endpointOf, type Settings } from '../settings.ts';
import { functionSettings } from './host.ts';
import { runInstaller } from './installation.ts';
import { answerOf, findProgram } from './programs.ts';
import type { Work } from './work.ts';

export const IMAGE = 'localstack/localstack:4.14.0';

const DAEMON_LIMIT_MS = 2_000;

/** @returns why Docker cannot be used, or undefined when it can */
export async function obstacleToDocker(): Promise<string | undefined> {
  if (findProgram('docker') === undefined) return 'there is no Docker';
  const version = await answerOf('docker', ['version', '--format', '{{.Server.Version}}'], DAEMON_LIMIT_MS);
  return version === undefined ? "Docker's daemon does not answer" : undefined;
}

export function containerName(settings: Settings): string {
  return `factbus-localstack-${settings.port}`;
}

/** The arguments of `docker` that start LocalStack. */
export function dockerRunArguments(settings: Settings): string[] {
  const { port } = settings;
  const environment: Record<string, string> = {
    // The port is the same inside and outside, as LocalStack writes it into the addresses that it hands out.
    GATEWAY_LISTEN: `0.0.0.0:${port}`,
    LOCALSTACK_HOST: `localhost.localstack.cloud:${port}`,
    // Functions are built for arm64, and run on whatever this machine is.
    LAMBDA_IGNORE_ARCHITECTURE: '1',
    ...functionSettings,
  };
  return [
    'run',
    '--detach',
    '--name',
    containerName(settings),
    '--publish',
    `127.0.0.1:${port}:${port}`,
    '--volume',
    '/var/run/docker.sock:/var/run/docker.sock',
    ...Object.entries(environment).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
    IMAGE,
  ];
}

/** Starts LocalStack in a container of our name; one of that name that stands still is replaced. */
export async function startInDocker({ settings, report, signal }: Work): Promise<string> {
  const name = containerName(settings);
  const logFile = path.join(settings.folder, 'docker.log');
  await mkdir(settings.folder, { recursive: true });
  if ((await answerOf('docker', ['image', 'inspect', IMAGE], 10_000)) === undefined) {
    const step = report.step('Docker image');
    await runInstaller('docker', ['pull', IMAGE], { logFile, step, signal }).catch((error: unknown) => {
      step.failed();
      throw error;
    });
    step.done(IMAGE);
  }
  await answerOf('docker', ['rm', '--force', name], 30_000);
  const step = report.step('Container');
  try {
    await runInstaller('docker', dockerRunArguments(settings), { logFile, step, signal });
  } catch (cause) {
    step.failed();
    throw new LocalAwsError(`Docker does not start ${IMAGE} for ${endpointOf(settings)}.`, {
      cause,
      remedies: ['Without Docker: FACTBUS_LOCAL_MODE=host npm run local:up'],
    });
  }
  step.done(name);
  return name;
}

export async function isContainerRunning(name: string): Promise<boolean> {
  return (await answerOf('docker', ['inspect', '--format', '{{.State.Running}}', name], 10_000)) === 'true';
}

/** Stops LocalStack, which then removes the containers of its functions, and removes its container. */
export async function stopInDocker(name: string): Promise<void> {
  await answerOf('docker', ['stop', '--time', '20', name], 40_000);
  await answerOf('docker', ['rm', '--force', '--volumes', name], 30_000);
}

/** LocalStack's container ended before it answered. */
export function whyContainerEnded(name: string): LocalAwsError {
  return new LocalAwsError(`LocalStack's container ${name} ended before it answered.`, {
    remedies: [`Read what it said: docker logs ${name}`, 'Without Docker: FACTBUS_LOCAL_MODE=host npm run local:up'],
  });
}
