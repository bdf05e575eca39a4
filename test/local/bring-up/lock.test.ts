import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { exclusively } from '../../../localstack/bring-up/lock.ts';

async function aLockFile(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'factbus-lock-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return path.join(folder, 'lock');
}

test('whoever comes second waits, and says so once', async () => {
  const file = await aLockFile();
  const told: string[] = [];
  const { promise: firstHolds, resolve: firstHasBegun } = Promise.withResolvers<void>();
  const { promise: firstMayEnd, resolve: endFirst } = Promise.withResolvers<void>();

  const first = exclusively(
    file,
    () => told.push('first waits'),
    async () => {
      told.push('first begins');
      firstHasBegun();
      await firstMayEnd;
      told.push('first ends');
    },
  );
  await firstHolds;
  const second = exclusively(
    file,
    () => {
      told.push('second waits');
      endFirst();
    },
    async () => told.push('second begins'),
  );
  await Promise.all([first, second]);

  expect(told).toEqual(['first begins', 'second waits', 'first ends', 'second begins']);
});

test('a holder that is killed holds no longer', async () => {
  const file = await aLockFile();
  const lock = path.resolve(import.meta.dirname, '../../../localstack/bring-up/lock.ts');
  const script = `
    import { exclusively } from ${JSON.stringify(lock)};
    await exclusively(${JSON.stringify(file)}, () => {}, () => new Promise(() => {
      process.stdout.write('held');
      setInterval(() => {}, 1000);
    }));`;
  const holder = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(holder.stdout, 'data');

  const mine = exclusively(
    file,
    () => holder.kill('SIGKILL'),
    async () => 'mine',
  );

  expect(await mine).toBe('mine');
});

test('an error lets go', async () => {
  const file = await aLockFile();

  await expect(
    exclusively(
      file,
      () => {},
      () => Promise.reject(new Error('broken')),
    ),
  ).rejects.toThrow('broken');
  expect(
    await exclusively(
      file,
      () => {},
      async () => 'mine',
    ),
  ).toBe('mine');
});
