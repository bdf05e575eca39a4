import { expect, test } from 'vitest';
import { deploy, instanceCode } from './deployed-function.ts';

const code = `${instanceCode}
  export const handler = async ({ bytes }) => (bytes ? 'x'.repeat(bytes) : INSTANCE);`;

const MB = 1024 * 1024;
/** The two quotation marks of a JSON string. */
const QUOTES = 2;

test('a response of 6 MB and 100 bytes, the limit, passes whole', async () => {
  const fn = await deploy(code);
  const bytes = 6 * MB + 100 - QUOTES;

  const { payload, functionError } = await fn.invoke({ bytes });

  expect(functionError).toBeUndefined();
  expect(payload).toHaveLength(bytes);
});

test('one byte more is refused, and the process stays', async () => {
  const fn = await deploy(code);
  const { payload: first } = await fn.invoke();

  const outcome = await fn.invoke({ bytes: 6 * MB + 101 - QUOTES });

  expect(outcome).toMatchObject({
    functionError: 'Unhandled',
    payload: {
      errorType: 'Function.ResponseSizeTooLarge',
      errorMessage: 'Response payload size exceeded maximum allowed payload size (6291556 bytes).',
    },
  });
  expect((await fn.invoke()).payload).toBe(first);
});

test('an event of 5 MB arrives whole', async () => {
  const fn = await deploy('export const handler = async ({ text }) => text.length;');

  expect(await fn.invoke({ text: 'y'.repeat(5 * MB) })).toMatchObject({ payload: 5 * MB });
});
