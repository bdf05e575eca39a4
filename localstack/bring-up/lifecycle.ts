import { setTimeout as pause } from 'node:timers/promises';
import { LocalAwsError } from '../local-aws-error.ts';
import type { Report } from '../report.ts';
import { endpointOf, type Mode, type Settings } from '../settings.ts';
import { isContainerRunning, obstacleToDocker, startInDocker, stopInDocker, whyContainerEnded } from './docker.ts';
import { installDynamoDbLocal } from './dynamodb-local.ts';
import { findAt } from './endpoint.ts';
import { isLocalStackRunning, putAmongPackages, startLocalStack, whyLocalStackEnded } from './host.ts';
import { endProcessesOf } from './processes.ts';
import { installPythonPackages } from './python-packages.ts';
import { forgetState, type RunState, readState, runFolder, writeState } from './run-state.ts';
import type { Work } from './work.ts';

/** What an earlier call started, as long as it runs. */
export async function livingRun(settings: Settings): Promise<RunState | undefined> {
  const state = readState(settings);
  if (state === undefined) return undefined;
  const lives =
    state.mode === 'docker'
      ? await isContainerRunning(state.container)
      : await isLocalStackRunning(settings, state.pid);
  return lives ? state : undefined;
}

/** Ends what a LocalStack that is gone left behind, as when it was ended by force. */
export async function endLeftBehind(settings: Settings, report: Report): Promise<void> {
  const count = await endProcessesOf(runFolder(settings));
  if (count > 0) report.say(`Ended ${count} process${count === 1 ? '' : 'es'} that an earlier local AWS left behind.`);
}

/**
 * Starts LocalStack, or waits for one that was started and does not answer yet.
 *
 * @returns how it runs, and whether this call started it
 */
export async function start(settings: Settings, report: Report): Promise<{ mode: Mode; startedHere: boolean }> {
  const running = await livingRun(settings);
  if (running !== undefined) {
    report.say(`LocalStack was started at ${running.startedAt} and does not answer yet; waiting for it.`);
    await answering(settings, running, report);
    return { mode: running.mode, startedHere: false };
  }
  await endLeftBehind(settings, report);
  forgetState(settings);

  const { mode, reason } = await chooseMode(settings);
  report.say(`Nothing answers at ${endpointOf(settings)}; ${reason}`);
  const abort = new AbortController();
  const work: Work = { settings, report, signal: abort.signal };
  try {
    await (mode === 'docker' ? bringUpDocker(work) : bringUpHost(work));
  } catch (error) {
    abort.abort();
    const started = readState(settings);
    if (started !== undefined) await stop(settings, started);
    throw error;
  }
  return { mode, startedHere: true };
}

async function bringUpDocker(work: Work): Promise<void> {
  const { settings, report } = work;
  const container = await startInDocker(work);
  const state: RunState = { mode: 'docker', endpoint: endpointOf(settings), startedAt: now(), container };
  writeState(settings, state);
  await answering(settings, state, report);
}

async function bringUpHost(work: Work): Promise<void> {
  const { settings, report } = work;
  // LocalStack starts while DynamoDB Local may still be on its way: it is first looked for when a table is made.
  const packages = installPythonPackages(work);
  const dynamoDb = installDynamoDbLocal(work, async () => (await packages).python);
  dynamoDb.catch(() => {}); // heard below, unless something else fails earlier

  const pid = await startLocalStack(settings, await packages);
  const state: RunState = { mode: 'host', endpoint: endpointOf(settings), startedAt: now(), pid };
  writeState(settings, state);
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
      throw state.mode === 'docker' ? whyContainerEnded(state.container) : await whyLocalStackEnded(settings);
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

/** Ends what `start` started. */
export async function stop(settings: Settings, state: RunState): Promise<void> {
  if (state.mode === 'docker') await stopInDocker(state.container);
  else await endProcessesOf(runFolder(settings), state.pid);
  forgetState(settings);
}

function now(): string {
  return new Date().toISOString();
}
