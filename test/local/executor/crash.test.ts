import { expect, test } from 'vitest';
import { deploy, instanceCode } from './deployed-function.ts';

/** Does to its process what the event says. */
const code = `${instanceCode}
  export const handler = async ({ end }) => {
    if (end === 'exit') process.exit(7);
    if (end === 'exit well') process.exit(0);
    if (end === 'kill') process.kill(process.pid, 'SIGKILL');
    if (end === 'memory') { const hoard = []; for (;;) hoard.push(new Array(1e6).fill({ some: 'thing' })); }
    if (end === 'never') await new Promise(() => {});
    if (end === 'throw later') setTimeout(() => { throw new RangeError('nobody catches this'); }, 0);
    if (end === 'reject') Promise.reject(new Error('nobody hears this'));
    if (end) await new Promise((resolve) => setTimeout(resolve, 5_000));
    return INSTANCE;
  };`;

const exitError = (how: string) => ({
  errorType: 'Runtime.ExitError',
  errorMessage: expect.stringMatching(new RegExp(`^RequestId: [-0-9a-f]{36} Error: ${how}$`)),
});

test.each([
  ['exit', exitError('Runtime exited with error: exit status 7')],
  ['exit well', exitError('Runtime exited without providing a reason')],
  ['kill', exitError('Runtime exited with error: signal: killed')],
  ['never', exitError('Runtime exited without providing a reason')],
  ['throw later', { errorType: 'RangeError', errorMessage: 'nobody catches this' }],
  ['reject', { errorType: 'Runtime.UnhandledPromiseRejection', errorMessage: 'Error: nobody hears this' }],
])('%s: reported, and the next invocation gets a fresh process', async (end, error) => {
  const fn = await deploy(code);
  const { payload: first } = await fn.invoke();

  const outcome = await fn.invoke({ end });

  expect(outcome).toMatchObject({ functionError: 'Unhandled', payload: error });
  const { payload: next } = await fn.invoke();
  expect(next).toEqual(expect.any(String));
  expect(next).not.toBe(first);
});

test("more memory than the function's ends its process", async () => {
  const fn = await deploy(code, { memorySize: 128, timeout: 30 });

  const { payload, log } = await fn.invoke({ end: 'memory' });

  expect(payload).toEqual(exitError('Runtime exited with error: signal: aborted'));
  expect(log).toContain('Memory Size: 128 MB');
});

test('a process that ends between two invocations is replaced, and no invocation sees it', async () => {
  const fn = await deploy(`${instanceCode}
    export const handler = async () => {
      setImmediate(() => setImmediate(() => process.exit(1)));
      return INSTANCE;
    };`);
  const seen = new Set<unknown>();

  for (let time = 0; time < 3; time++) {
    const { payload, functionError } = await fn.invoke();
    if (functionError === undefined) seen.add(payload);
  }

  expect(seen.size).toBeGreaterThan(0);
});
