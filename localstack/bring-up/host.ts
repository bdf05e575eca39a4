import { mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { LocalAwsError } from '../local-aws-error.ts';
import type { Settings } from '../settings.ts';
import { processesOf, startDetached } from './processes.ts';
import type { PythonInstallation } from './python-packages.ts';
import { localStackLog, runFolder } from './run-state.ts';

/** What LocalStack is told in Docker and in host mode alike. */
export const functionSettings: Readonly<Record<string, string>> = {
  SQS_ENDPOINT_STRATEGY: 'path',
  // CloudFormation asks whether a resource is ready this often without a pause, and then once a second. A function takes
  // some 50 ms, and there are many. (LAMBDA_SYNCHRONOUS_CREATE costs 500 ms each.)
  CFN_NO_WAIT_ITERATIONS: '100',
  // Queues and streams are polled as briskly as on AWS, and not slower and slower where they are empty.
  LAMBDA_EVENT_SOURCE_MAPPING_POLL_INTERVAL_SEC: '0.1',
  LAMBDA_EVENT_SOURCE_MAPPING_MAX_BACKOFF_ON_EMPTY_POLL_SEC: '1',
  // A failed asynchronous invocation is tried again after 1 and 2 seconds, not minutes.
  LAMBDA_RETRY_BASE_DELAY: '1',
  // No word to LocalStack's makers.
  DISABLE_EVENTS: '1',
};

/**
 * Starts LocalStack as a process of this machine.
 *
 * @returns its id, long before it answers
 */
export async function startLocalStack(settings: Settings, installation: PythonInstallation): Promise<number> {
  await prepareFolder(settings);
  return startDetached(installation.python, ['-m', 'localstack.runtime.main'], {
    owner: runFolder(settings),
    folder: runFolder(settings),
    environment: localStackEnvironment(settings, installation),
    logFile: localStackLog(settings),
  });
}

/** LocalStack's state lives in memory: what an earlier run left is of no use. The last log is kept, for whom it broke. */
async function prepareFolder(settings: Settings): Promise<void> {
  const folder = runFolder(settings);
  for (const name of ['root', 'tmp']) await rm(path.join(folder, name), { recursive: true, force: true });
  for (const name of ['root', 'tmp', 'cache']) await mkdir(path.join(folder, name), { recursive: true });
  // Functions are unpacked below: the package.json of a repository around must not say what kind of module theirs are.
  await writeFile(path.join(folder, 'package.json'), '{}\n');
  const log = localStackLog(settings);
  await rename(log, log.replace(/\.log$/, '.previous.log')).catch(() => {}); // there was none
}

/** DynamoDB Local where LocalStack looks for the packages that it installed earlier. */
export async function putAmongPackages(settings: Settings, dynamoDb: string): Promise<void> {
  const packages = path.join(runFolder(settings), 'root', 'var', 'lib', 'localstack', 'lib');
  await mkdir(packages, { recursive: true });
  await symlink(dynamoDb, path.join(packages, 'dynamodb-local'));
}

function localStackEnvironment(settings: Settings, installation: PythonInstallation): NodeJS.ProcessEnv {
  const folder = runFolder(settings);
  const address = `127.0.0.1:${settings.port}`;
  return {
    ...inherited(process.env),
    ...functionSettings,
    // Functions run on the Node that runs this.
    PATH: [path.dirname(process.execPath), process.env.PATH].join(path.delimiter),
    PYTHONPATH: installation.executor,
    GATEWAY_LISTEN: address,
    LOCALSTACK_HOST: address,
    LAMBDA_RUNTIME_EXECUTOR: 'process',
    FACTBUS_LAMBDA_NODE: process.execPath,
    PROVIDER_OVERRIDE_DYNAMODB: 'v2',
    DYNAMODB_IN_MEMORY: '1',
    // Everything it writes is in our folder: its files, its temporary files, and the list of its plug-ins.
    OVERRIDE_IN_DOCKER: '0',
    FILESYSTEM_ROOT: path.join(folder, 'root'),
    TMPDIR: path.join(folder, 'tmp'),
    XDG_CACHE_HOME: path.join(folder, 'cache'),
    // No name server of its own, no certificate from outside.
    DNS_ADDRESS: '0',
    SKIP_SSL_CERT_DOWNLOAD: '1',
  };
}

/** Without what would send LocalStack's own calls elsewhere, and what would slow Python down. */
function inherited(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const unwanted = /^(AWS_|PYTHON|VIRTUAL_ENV|NODE_OPTIONS$|NODE_V8_COVERAGE$|VITEST|npm_)/;
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !unwanted.test(name)));
}

export async function isLocalStackRunning(settings: Settings, pid: number): Promise<boolean> {
  return (await processesOf(runFolder(settings))).includes(pid);
}

/** Why LocalStack ended before it answered, in its own words. */
export async function whyLocalStackEnded(settings: Settings): Promise<LocalAwsError> {
  const log = await readFile(localStackLog(settings), 'utf8').catch(() => '');
  const lastWords = log.trimEnd().split('\n').slice(-15).join('\n');
  return new LocalAwsError(`LocalStack ended before it answered. Its last words:\n${lastWords}`, {
    remedies: [`All it said is in ${localStackLog(settings)}.`],
  });
}
