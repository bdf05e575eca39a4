import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { processesOf } from '../../../localstack/bring-up/processes.ts';
import { runFolder } from '../../../localstack/bring-up/run-state.ts';
import { readSettings, repositoryFolder, type Settings } from '../../../localstack/settings.ts';

export interface Ended {
  readonly code: number | null;
  /** Both outputs together. */
  readonly output: string;
}

/** A place for a second local AWS: a folder and a port of its own, with what is installed for the first. */
export interface Place {
  readonly settings: Settings;
  /** The mark of its processes. */
  readonly owner: string;
  /** Runs `node localstack/command.ts` for this place. */
  run(args: readonly string[], environment?: NodeJS.ProcessEnv): Promise<Ended>;
}

/** What is left of it is taken down when the test ends. */
export async function aPlace(port?: number): Promise<Place> {
  const folder = await mkdtemp(path.join(tmpdir(), 'factbus-bring-up-'));
  const { AWS_ENDPOINT_URL: _, ...environment } = process.env;
  const own = {
    ...environment,
    FACTBUS_LOCAL_PACKAGES: readSettings().packagesFolder,
    FACTBUS_LOCAL_DIR: folder,
    FACTBUS_LOCAL_PORT: String(port ?? (await freePort())),
    FACTBUS_LOCAL_MODE: 'host',
  };
  const settings = readSettings(own);
  const place: Place = {
    settings,
    owner: runFolder(settings),
    run: (args, more) => runCommand(args, { ...own, ...more }),
  };
  onTestFinished(async () => {
    if ((await processesOf(place.owner)).length > 0) await place.run(['down']);
    await rm(folder, { recursive: true, force: true });
  });
  return place;
}

function runCommand(args: readonly string[], environment: NodeJS.ProcessEnv): Promise<Ended> {
  const command = path.join(repositoryFolder, 'localstack', 'command.ts');
  const child = spawn(process.execPath, [command, ...args], { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, output })));
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('A server on a port has a port.');
  return address.port;
}
