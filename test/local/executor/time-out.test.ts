import { expect, test } from 'vitest';
import { deploy, instanceCode } from './deployed-function.ts';
import { isRunning } from './running.ts';

const TIMED_OUT = {
  errorType: 'Sandbox.Timedout',
  errorMessage: expect.stringMatching(/^RequestId: [-0-9a-f]{36} Error: Task timed out after 1\.00 seconds$/),
};

test('a function that takes too long is ended, and the next invocation gets a fresh process', async () => {
  const fn = await deploy(
    `${instanceCode}
    export const handler = async (event) => {
      if (event.sleep) await new Promise((resolve) => setTimeout(resolve, 60_000));
      return INSTANCE;
    };`,
    { timeout: 1 },
  );
  const { payload: first } = await fn.invoke();

  const outcome = await fn.invoke({ sleep: true });

  expect(outcome).toMatchObject({ functionError: 'Unhandled', payload: TIMED_OUT });
  expect(outcome.log).toMatch(/Task timed out after 1\.00 seconds\nEND RequestId/);
  expect(outcome.log).toMatch(/REPORT .*\tStatus: timeout/);
  const { payload: next } = await fn.invoke();
  expect(next).toEqual(expect.any(String));
  expect(next).not.toBe(first);
});

test('a function that never gives way is ended with the processes that it started', async () => {
  const fn = await deploy(
    `import { spawn } from 'node:child_process';
    export const handler = async () => {
      const child = spawn('sleep', ['3600']);
      await new Promise((resolve) => child.once('spawn', resolve));
      console.log('pids', process.pid, child.pid);
      for (;;);
    };`,
    { timeout: 1 },
  );

  const { payload, log } = await fn.invoke();

  expect(payload).toEqual(TIMED_OUT);
  const pids = /pids (\d+) (\d+)/.exec(log)?.slice(1).map(Number) ?? [];
  expect(pids).toHaveLength(2);
  expect(pids.filter(isRunning)).toEqual([]);
});
