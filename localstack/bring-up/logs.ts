import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import {
  CloudWatchLogsClient,
  paginateDescribeLogGroups,
  paginateFilterLogEvents,
} from '@aws-sdk/client-cloudwatch-logs';
import { localAwsClientConfig, status } from '../local-aws.ts';
import { LocalAwsError } from '../local-aws-error.ts';
import { readSettings } from '../settings.ts';
import { localStackLog, readState } from './run-state.ts';

export interface LogsOptions {
  /** A function's name or part of it; LocalStack's own log without. */
  readonly functionName: string | undefined;
  readonly follow: boolean;
  /** How many lines of what was before. */
  readonly lines: number;
}

const GROUP_PREFIX = '/aws/lambda/';
const FOLLOW_MS = 500;

/** Prints LocalStack's log, or a function's from CloudWatch Logs. */
export async function showLogs(options: LogsOptions): Promise<void> {
  if (options.functionName === undefined) return showLocalStackLog(options);
  const { running, endpoint } = await status();
  if (!running) throw new LocalAwsError(`No local AWS at ${endpoint}.`, { remedies: ['Start one: npm run local:up'] });
  const logs = new CloudWatchLogsClient(localAwsClientConfig(endpoint));
  try {
    const group = await findGroup(logs, options.functionName);
    await showGroup(logs, group, options);
  } finally {
    logs.destroy();
  }
}

async function showLocalStackLog({ follow, lines }: LogsOptions): Promise<void> {
  const settings = readSettings();
  const state = readState(settings);
  const file = localStackLog(settings);
  const count = String(lines);
  if (state?.mode === 'docker') {
    await run('docker', ['logs', '--tail', count, ...(follow ? ['--follow'] : []), state.container]);
  } else if (existsSync(file)) {
    await run('tail', ['-n', count, ...(follow ? ['-f'] : []), file]);
  } else {
    process.stdout.write('LocalStack was not started from here: its log is where it was started.\n');
  }
  const { running, endpoint } = await status({ settings });
  if (!running) return;
  const names = await groupNames(new CloudWatchLogsClient(localAwsClientConfig(endpoint)));
  const list = names.map((name) => `  ${name.slice(GROUP_PREFIX.length)}\n`).join('');
  process.stderr.write(
    list === '' ? '\nNo function has a log yet.\n' : `\nFunctions with a log (npm run local:logs <name>):\n${list}`,
  );
}

function run(program: string, args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit'] });
    child.once('error', reject);
    child.once('close', () => resolve());
  });
}

async function groupNames(client: CloudWatchLogsClient): Promise<string[]> {
  const names: string[] = [];
  for await (const page of paginateDescribeLogGroups({ client }, { logGroupNamePrefix: GROUP_PREFIX })) {
    for (const { logGroupName } of page.logGroups ?? []) if (logGroupName !== undefined) names.push(logGroupName);
  }
  return names.sort();
}

/** The one log group whose function has this name, as it is or on the stage dev, or else this in its name. */
async function findGroup(client: CloudWatchLogsClient, part: string): Promise<string> {
  const names = await groupNames(client);
  const exact = names.find((name) => name === GROUP_PREFIX + part || name === `${GROUP_PREFIX}factbus-${part}`);
  if (exact !== undefined) return exact;
  const alike = names.filter((name) => name.toLowerCase().includes(part.toLowerCase(), GROUP_PREFIX.length));
  const [only, ...others] = alike;
  if (only !== undefined && others.length === 0) return only;
  const known = (only === undefined ? names : alike).map((name) => name.slice(GROUP_PREFIX.length));
  throw new LocalAwsError(
    only === undefined
      ? `No function with "${part}" in its name has a log. A function has one once it has been invoked.`
      : `"${part}" is in the names of ${alike.length} functions.`,
    { remedies: known.map((name) => `npm run local:logs ${name}`) },
  );
}

async function showGroup(client: CloudWatchLogsClient, logGroupName: string, options: LogsOptions): Promise<void> {
  const shown = new Set<string>();
  let first = true;
  do {
    const fresh: string[] = [];
    for await (const page of paginateFilterLogEvents({ client }, { logGroupName })) {
      for (const { eventId = '', timestamp = 0, message = '' } of page.events ?? []) {
        if (shown.has(eventId)) continue;
        shown.add(eventId);
        fresh.push(`${new Date(timestamp).toISOString().slice(11, 23)}  ${indent(message)}`);
      }
    }
    const lines = first ? fresh.slice(-options.lines) : fresh;
    first = false;
    process.stdout.write(lines.map((line) => `${line}\n`).join(''));
    if (options.follow) await pause(FOLLOW_MS);
  } while (options.follow);
}

/** An entry of several lines has carriage returns in it. */
function indent(message: string): string {
  return message.trimEnd().replaceAll(/\r\n?|\n/g, `\n${' '.repeat(14)}`);
}
