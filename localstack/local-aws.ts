import path from 'node:path';
import { findAt } from './bring-up/endpoint.ts';
import { givenEndpointDoesNotAnswer, portTaken } from './bring-up/endpoint-errors.ts';
import { endLeftBehind, livingRun, start, stop } from './bring-up/lifecycle.ts';
import { exclusively } from './bring-up/lock.ts';
import { processesOf } from './bring-up/processes.ts';
import { forgetState, readState, runFolder } from './bring-up/run-state.ts';
import { type Report, silentReport } from './report.ts';
import { endpointOf, readSettings, type Settings } from './settings.ts';

export type { Report } from './report.ts';

const WAITING = 'Another local:up or local:down is at work; waiting for it.';

/** The region of everything local. */
const REGION = 'us-east-1';

/** LocalStack lets anybody in. */
const ANYBODY = 'test';

export interface LocalAws {
  readonly endpoint: string;
  /** `existing`: not started by us, neither by this call nor by an earlier one. */
  readonly mode: 'existing' | 'docker' | 'host';
  /** Whether this very call started it: who started it may take it down. */
  readonly startedHere: boolean;
  readonly region: string;
}

export interface Options {
  /** @default says nothing */
  readonly report?: Report;
  /** @default read from the environment */
  readonly settings?: Settings;
}

/**
 * Sees to it that a local AWS answers: one that is there already, else LocalStack in Docker, else LocalStack as a process
 * of this machine. May be called twice and at the same time: there is one.
 *
 * @throws LocalAwsError that says what is missing or in the way and what to do
 *
 * @example
 *   const aws = await up();
 *   const lambda = new LambdaClient({ endpoint: aws.endpoint });
 *   if (aws.startedHere) await down();
 */
export async function up({ report = silentReport, settings = readSettings() }: Options = {}): Promise<LocalAws> {
  const found = await existing(settings, report);
  if (found !== undefined) return found;
  return exclusively(
    lockFile(settings),
    () => report.say(WAITING),
    async () => {
      const meanwhile = await existing(settings, report);
      if (meanwhile !== undefined) return meanwhile;
      return { ...(await start(settings, report)), endpoint: endpointOf(settings), region: REGION };
    },
  );
}

export type DownResult =
  | { readonly outcome: 'stopped'; readonly mode: 'docker' | 'host'; readonly endpoint: string }
  /** Something answers, but not of ours: it is left alone. */
  | { readonly outcome: 'left-alone'; readonly endpoint: string }
  | { readonly outcome: 'nothing-there'; readonly endpoint: string };

/** Takes down what `up` started from this folder, with all its processes, and nothing else. */
export async function down({ report = silentReport, settings = readSettings() }: Options = {}): Promise<DownResult> {
  return exclusively(
    lockFile(settings),
    () => report.say(WAITING),
    async () => {
      const state = await livingRun(settings);
      if (state === undefined) {
        forgetState(settings);
        await endLeftBehind(settings, report);
        const endpoint = settings.givenEndpoint ?? endpointOf(settings);
        const { kind } = await findAt(endpoint);
        return { outcome: kind === 'nothing' ? 'nothing-there' : 'left-alone', endpoint };
      }
      const step = report.step('LocalStack');
      await stop(settings, state);
      step.done('stopped');
      return { outcome: 'stopped', mode: state.mode, endpoint: state.endpoint };
    },
  );
}

export interface Status {
  readonly running: boolean;
  readonly endpoint: string;
  /** undefined when nothing runs. */
  readonly mode: LocalAws['mode'] | undefined;
  readonly version: string | undefined;
  readonly startedAt: string | undefined;
  /** Ids of all processes that `up` started, directly or not. */
  readonly processes: readonly number[];
  readonly folder: string;
}

/** What is there, without changing anything. */
export async function status({ settings = readSettings() }: Options = {}): Promise<Status> {
  const state = readState(settings);
  const endpoint = settings.givenEndpoint ?? endpointOf(settings);
  const finding = await findAt(endpoint);
  const running = finding.kind === 'localstack' || finding.kind === 'aws';
  const ours = running && state?.endpoint === endpoint ? state : undefined;
  return {
    running,
    endpoint,
    mode: running ? (ours?.mode ?? 'existing') : undefined,
    version: finding.kind === 'localstack' ? finding.version : undefined,
    startedAt: ours?.startedAt,
    processes: await processesOf(runFolder(settings)),
    folder: settings.folder,
  };
}

/** What an SDK client of a local AWS is made with, whatever the environment says. */
export function localAwsClientConfig(endpoint: string) {
  return { endpoint, region: REGION, credentials: { accessKeyId: ANYBODY, secretAccessKey: ANYBODY } };
}

/** The environment that leads AWS's SDKs, the CDK and the CLI to a local AWS; nothing else does. */
export function localAwsEnvironment(endpoint: string): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: ANYBODY,
    AWS_SECRET_ACCESS_KEY: ANYBODY,
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
    AWS_EC2_METADATA_DISABLED: 'true',
  };
}

function lockFile(settings: Settings): string {
  return path.join(settings.folder, 'lock');
}

/** The AWS that answers already, if any. */
async function existing(settings: Settings, report: Report): Promise<LocalAws | undefined> {
  const endpoint = settings.givenEndpoint ?? endpointOf(settings);
  const finding = await findAt(endpoint);
  if (finding.kind === 'localstack' || finding.kind === 'aws') {
    const state = readState(settings);
    const mode = state?.endpoint === endpoint ? state.mode : 'existing';
    const what = finding.kind === 'aws' ? 'An AWS' : `LocalStack ${finding.version}`;
    report.say(
      `${what} answers at ${endpoint} already${mode === 'existing' ? ', not started from here' : ''}; using it.`,
    );
    return { endpoint, mode, startedHere: false, region: REGION };
  }
  if (settings.givenEndpoint !== undefined) throw givenEndpointDoesNotAnswer(endpoint, finding);
  if (finding.kind === 'nothing') return undefined;
  // Our own may be starting right now, by another call or by one that was interrupted.
  if ((await processesOf(runFolder(settings))).length > 0) return undefined;
  throw portTaken(settings, finding);
}
