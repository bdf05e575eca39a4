import { expect, test } from 'vitest';
import { deploy, instanceCode } from './deployed-function.ts';

/** Answers when as many invocations as the event wants are at work at the same time, each with a file of its own. */
const meeting = `${instanceCode}
  import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
  const place = process.env.LAMBDA_TASK_ROOT + '/meeting';
  export const handler = async ({ guests }) => {
    mkdirSync(place, { recursive: true });
    writeFileSync(place + '/' + INSTANCE, '');
    while (readdirSync(place).length < guests) await new Promise((resolve) => setTimeout(resolve, 10));
    return { INSTANCE, pid: process.pid };
  };`;

test('invocations at the same time run in processes of their own, at the same time', async () => {
  const fn = await deploy(meeting, { timeout: 60 });
  const guests = 6;

  const outcomes = await Promise.all(Array.from({ length: guests }, () => fn.invoke({ guests })));

  const seen = outcomes.map(({ payload }) => payload as { INSTANCE: string; pid: number });
  expect(new Set(seen.map(({ INSTANCE }) => INSTANCE)).size).toBe(guests);
  expect(new Set(seen.map(({ pid }) => pid)).size).toBe(guests);
});

test('invocations one after another run in the same process', async () => {
  const fn = await deploy(meeting);

  const first = await fn.invoke({ guests: 1 });
  const second = await fn.invoke({ guests: 1 });

  expect(first.functionError).toBeUndefined();
  expect(second.payload).toEqual(first.payload);
});

test('an invocation finishes on the code that it began with when the code is replaced meanwhile', async () => {
  const fn = await deploy(
    `import { existsSync, writeFileSync } from 'node:fs';
    export const handler = async ({ began, mayEnd }) => {
      if (!began) return 'old';
      writeFileSync(began, '');
      while (!existsSync(mayEnd)) await new Promise((resolve) => setTimeout(resolve, 10));
      return 'old';
    };`,
    { timeout: 60 },
  );
  const { began, mayEnd } = await files();

  const atWork = fn.invoke({ began: began.path, mayEnd: mayEnd.path });
  await began.appears();
  await fn.update(`export const handler = async () => 'new';`);
  await expect.poll(async () => (await fn.invoke()).payload, { timeout: 20_000 }).toBe('new');
  await mayEnd.write();

  expect(await atWork).toMatchObject({ functionError: undefined, payload: 'old' });
});

async function files() {
  const { mkdtemp, rm, writeFile } = await import('node:fs/promises');
  const { existsSync } = await import('node:fs');
  const { tmpdir } = await import('node:os');
  const { onTestFinished } = await import('vitest');
  const folder = await mkdtemp(`${tmpdir()}/side-by-side-`);
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = (name: string) => ({
    path: `${folder}/${name}`,
    write: () => writeFile(`${folder}/${name}`, ''),
    appears: () => expect.poll(() => existsSync(`${folder}/${name}`), { timeout: 20_000 }).toBe(true),
  });
  return { began: file('began'), mayEnd: file('may-end') };
}
