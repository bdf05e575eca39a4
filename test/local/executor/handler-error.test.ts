import { expect, test } from 'vitest';
import { deploy, instanceCode } from './deployed-function.ts';

test('a thrown error is the payload, with its type, message and stack, and the process stays', async () => {
  const fn = await deploy(`${instanceCode}
    class OutOfStock extends Error { name = 'OutOfStock'; sku = 'A1'; }
    export const handler = async ({ fail }) => { if (fail) throw new OutOfStock('none left'); return INSTANCE; };`);
  const { payload: first } = await fn.invoke();

  const { functionError, payload, log } = await fn.invoke({ fail: true });

  expect(functionError).toBe('Unhandled');
  expect(payload).toMatchObject({ errorType: 'OutOfStock', errorMessage: 'none left' });
  expect(payload).toHaveProperty('trace.1', expect.stringMatching(/at handler \(file:.*\/index\.mjs:\d+:\d+\)/));
  expect(log).toMatch(/\tERROR\tInvoke Error \t\{"errorType":"OutOfStock","errorMessage":"none left".*"sku":"A1"/);
  expect((await fn.invoke()).payload).toBe(first);
});

test.each([
  ['a bigint', 'return 1n'],
  ['a circle', 'const circle = {}; circle.self = circle; return circle'],
])('a result that is no JSON, as %s, is an error', async (_, body) => {
  const fn = await deploy(`export const handler = async () => { ${body}; };`);

  expect(await fn.invoke()).toMatchObject({
    functionError: 'Unhandled',
    payload: { errorType: 'Runtime.JSONStringifyError', errorMessage: 'Unable to stringify response body' },
  });
});

test.each([
  ['nothing', 'undefined', null],
  ['a value at once', '({ sum: event.a + event.b, text: "ü\\n" })', { sum: 3, text: 'ü\n' }],
  ['a promise', 'Promise.resolve([event])', [{ a: 1, b: 2 }]],
])('%s is a result', async (_, result, expected) => {
  const fn = await deploy(`export const handler = (event) => ${result};`);

  expect(await fn.invoke({ a: 1, b: 2 })).toMatchObject({ functionError: undefined, payload: expected });
});
