import { expect, test } from 'vitest';
import { deploy } from './deployed-function.ts';

test('the context tells about the invocation', async () => {
  const fn = await deploy('export const handler = async (event, context) => context;', { memorySize: 192 });

  const { payload, log } = await fn.invoke();

  expect(payload).toEqual({
    awsRequestId: expect.stringMatching(/^[-0-9a-f]{36}$/),
    functionName: fn.name,
    functionVersion: '$LATEST',
    invokedFunctionArn: `arn:aws:lambda:us-east-1:000000000000:function:${fn.name}`,
    memoryLimitInMB: '192',
    logGroupName: `/aws/lambda/${fn.name}`,
    logStreamName: expect.stringContaining('[$LATEST]'),
    xRayTraceId: expect.stringMatching(/^Root=1-/),
  });
  expect(log).toContain(`START RequestId: ${(payload as { awsRequestId: string }).awsRequestId} Version: $LATEST`);
});

test('the remaining time begins with the time-out and goes down', async () => {
  const fn = await deploy(
    `export const handler = async (event, context) => {
      const first = context.getRemainingTimeInMillis();
      while (context.getRemainingTimeInMillis() === first) await new Promise(setImmediate);
      return [first, context.getRemainingTimeInMillis()];
    };`,
    { timeout: 30 },
  );

  const [first, second] = (await fn.invoke()).payload as [number, number];

  expect(first).toBeGreaterThan(20_000);
  expect(first).toBeLessThanOrEqual(30_000);
  expect(second).toBeLessThan(first);
});
