import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { isContainerRunning, obstacleToDocker, startInDocker, stopInDocker } from './docker.ts';
import { installDynamoDbLocal } from './dynamodb-local.ts';
import { type Finding, findAt } from './endpoint.ts';
import { isLocalStackRunning, putAmongPackages, startLocalStack, whyLocalStackEnded } from './host.ts';
import { LocalAwsError } from './local-aws-error.ts';
import { exclusively } from './lock.ts';
import { endProcessesOf, processesOf } from './processes.ts';
import { installPythonPackages } from './python-packages.ts';
import { type Report, silentReport } from './report.ts';
import { forgetState, type RunState, readState, runFolder, writeState } from './run-state.ts';
import { endpointOf, type Mode, readSettings, type Settings } from './settings.ts';
import type { Work } from './work.ts';

export type { Report } from './report.ts';

const WAITING = 'Another local:up or local:down is at work; waiting for it.';

/** The region of everything local. */
const REGION = 'us-east-1';

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
      return start(settings, report);
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

/** The environment that leads AWS's SDKs, the CDK and the CLI to a local AWS; nothing else does. */
export function localAwsEnvironment(endpoint: string): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
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

/** What an earlier call started, as long as it runs. */
async function livingRun(settings: Settings): Promise<RunState | undefined> {
  const state = readState(settings);
  if (state === undefined) return undefined;
  const lives =
    state.mode === 'docker'
      ? await isContainerRunning(state.container)
      : await isLocalStackRunning(settings, state.pid);
  return lives ? state : undefined;
}

/** Ends what a LocalStack that is gone left behind, as when it was ended by force. */
async function endLeftBehind(settings: Settings, report: Report): Promise<void> {
  const count = await endProcessesOf(runFolder(settings));
  if (count > 0) report.say(`Ended ${count} process${count === 1 ? '' : 'es'} that an earlier local AWS left behind.`);
}

async function start(settings: Settings, report: Report): Promise<LocalAws> {
  const endpoint = endpointOf(settings);
  const running = await livingRun(settings);
  if (running !== undefined) {
    report.say(`LocalStack was started at ${running.startedAt} and does not answer yet; waiting for it.`);
    await answering(settings, running, report);
    return { endpoint, mode: running.mode, startedHere: false, region: REGION };
  }
  await endLeftBehind(settings, report);
  forgetState(settings);

  const { mode, reason } = await chooseMode(settings);
  report.say(`Nothing answers at ${endpoint}; ${reason}`);
  const abort = new AbortController();
  const remember = (state: RunState) => writeState(settings, state);
  try {
    await (mode === 'docker' ? bringUpDocker : bringUpHost)({ settings, report, signal: abort.signal }, remember);
  } catch (error) {
    abort.abort();
    const started = readState(settings);
    if (started !== undefined) await stop(settings, started);
    throw error;
  }
  return { endpoint, mode, startedHere: true, region: REGION };
}

async function bringUpDocker(work: Work, remember: (state: RunState) => void): Promise<void> {
  const { settings, report } = work;
  const container = await startInDocker(work);
  const state: RunState = { mode: 'docker', endpoint: endpointOf(settings), startedAt: now(), container };
  remember(state);
  await answering(settings, state, report);
}

async function bringUpHost(work: Work, remember: (state: RunState) => void): Promise<void> {
  const { settings, report } = work;
  // LocalStack starts while DynamoDB Local may still be on its way: it is first looked for when a table is made.
  const packages = installPythonPackages(work);
  const dynamoDb = installDynamoDbLocal(work, async () => (await packages).python);
  dynamoDb.catch(() => {}); // heard below, unless something else fails earlier

  const pid = await startLocalStack(settings, await packages);
  const state: RunState = { mode: 'host', endpoint: endpointOf(settings), startedAt: now(), pid };
  remember(state);
  await Promise.all([
    answering(settings, state, report),
    dynamoDb.then((folder) => putAmongPackages(settings, folder)),
  ]);
}

/** Docker where its daemon answers, else host mode; with the reason, in words that go on from "nothing answers at …". */
async function chooseMode(settings: Settings): Promise<{ mode: Mode; reason: string }> {
  if (settings.mode === 'host') return { mode: 'host', reason: 'host mode, as FACTBUS_LOCAL_MODE says.' };
  const obstacle = await obstacleToDocker();
  if (obstacle === undefined) return { mode: 'docker', reason: 'Docker does: LocalStack in a container.' };
  if (settings.mode === 'docker') {
    throw new LocalAwsError(`FACTBUS_LOCAL_MODE is docker, but ${obstacle}.`, {
      remedies: ['Start Docker, or unset FACTBUS_LOCAL_MODE to have LocalStack run without it.'],
    });
  }
  return { mode: 'host', reason: `${obstacle}: LocalStack as a process of this machine (host mode).` };
}

const ANSWER_LIMIT_MS = 120_000;
const POLL_MS = 50;

/** Waits until LocalStack answers. */
async function answering(settings: Settings, state: RunState, report: Report): Promise<void> {
  const step = report.step('LocalStack');
  const deadline = Date.now() + ANSWER_LIMIT_MS;
  for (;;) {
    const finding = await findAt(state.endpoint, 2_000);
    if (finding.kind === 'localstack') return step.done(`${finding.version}, ${state.endpoint}`);
    if ((await livingRun(settings)) === undefined) {
      step.failed();
      throw await whyLocalStackEnded(settings);
    }
    if (Date.now() > deadline) {
      step.failed();
      throw new LocalAwsError(`LocalStack runs, but did not answer within ${ANSWER_LIMIT_MS / 1000} s.`, {
        remedies: ['Read what it says: npm run local:logs', 'Start anew: npm run local:down && npm run local:up'],
      });
    }
    await pause(POLL_MS);
  }
}

async function stop(settings: Settings, state: RunState): Promise<void> {
  if (state.mode === 'docker') await stopInDocker(state.container);
  else await endProcessesOf(runFolder(settings), state.pid);
  forgetState(settings);
}

function now(): string {
  return new Date().toISOString();
}

function givenEndpointDoesNotAnswer(endpoint: string, finding: Finding): LocalAwsError {
  return new LocalAwsError(`AWS_ENDPOINT_URL is ${endpoint}, but ${describe(finding)}.`, {
    remedies: ['Start what should answer there, or unset AWS_ENDPOINT_URL to have a local AWS started here.'],
  });
}

function portTaken(settings: Settings, finding: Finding): LocalAwsError {
  return new LocalAwsError(`Port ${settings.port} is taken by something else: ${describe(finding)}.`, {
    remedies: [
      `See what it is:        lsof -nP -iTCP:${settings.port} -sTCP:LISTEN`,
      `Or use another port:   FACTBUS_LOCAL_PORT=${settings.port === 4599 ? 4600 : 4599} npm run local:up`,
    ],
  });
}

function describe(finding: Finding): string {
  switch (finding.kind) {
    case 'nothing':
      return 'nothing answers there';
    case 'silent':
      return `it takes connections but does not answer (${finding.reason})`;
    case 'foreign':
      return `what answers there is no AWS (${finding.answer})`;
    case 'aws':
    case 'localstack':
      return 'an AWS answers there';
  }
}
