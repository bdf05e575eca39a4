import {
  CloudWatchLogsClient,
  FilterLogEventsCommand,
  ResourceNotFoundException,
} from '@aws-sdk/client-cloudwatch-logs';
import { expect, test } from 'vitest';
import { deploy } from './deployed-function.ts';

const logs = new CloudWatchLogsClient({});

async function linesOf(functionName: string): Promise<string[]> {
  try {
    const { events = [] } = await logs.send(
      new FilterLogEventsCommand({ logGroupName: `/aws/lambda/${functionName}` }),
    );
    return events.map(({ message = '' }) => message.trimEnd());
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return [];
    throw error;
  }
}

const ID = '[-0-9a-f]{36}';
const TIME = '\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z';
const matching = (...patterns: string[]) =>
  patterns.map((pattern) => expect.stringMatching(new RegExp(`^${pattern}$`)));

test("what a function writes is in CloudWatch Logs, in order, between Lambda's own lines", async () => {
  const fn = await deploy(`
    console.log('loaded');
    export const handler = async () => {
      console.info('order %s placed', 7);
      process.stderr.write('plain\\n');
      console.warn('two\\nlines');
      process.stdout.write('without an end');
    };`);

  await fn.invoke();

  await expect
    .poll(() => linesOf(fn.name), { timeout: 20_000 })
    .toEqual(
      matching(
        `START RequestId: ${ID} Version: \\$LATEST`,
        `${TIME}\\t\\tINFO\\tloaded`,
        `${TIME}\\t${ID}\\tINFO\\torder 7 placed`,
        'plain',
        `${TIME}\\t${ID}\\tWARN\\ttwo\\rlines`,
        'without an end',
        `END RequestId: ${ID}`,
        `REPORT RequestId: ${ID}\\tDuration: [\\d.]+ ms\\tBilled Duration: \\d+ ms\\tMemory Size: 256 MB\\tMax Memory Used: \\d+ MB\\tInit Duration: [\\d.]+ ms`,
      ),
    );
});

test('a function that is silent, and one that fails, have a log all the same', async () => {
  const fn = await deploy('throw new Error("cannot load");');

  await fn.invoke();

  await expect
    .poll(() => linesOf(fn.name), { timeout: 20_000 })
    .toEqual(
      matching(
        `START .*`,
        `.*\\tERROR\\tUncaught Exception \\t\\{"errorType":"Error".*`,
        `END .*`,
        `REPORT .*Error Type: Error`,
      ),
    );
});

test('in JSON format every line is JSON, below the level none', async () => {
  const fn = await deploy(
    `export const handler = async () => {
      console.debug('not shown');
      console.log({ order: 7 });
      console.error('failed:', new RangeError('too many'));
    };`,
    { logging: { LogFormat: 'JSON', ApplicationLogLevel: 'INFO' } },
  );

  await fn.invoke();

  const parsed = async () => (await linesOf(fn.name)).map((line) => JSON.parse(line));
  await expect.poll(parsed, { timeout: 20_000 }).toMatchObject([
    { type: 'platform.start', record: { version: '$LATEST' } },
    { level: 'INFO', message: { order: 7 }, requestId: expect.stringMatching(ID) },
    { level: 'ERROR', errorType: 'RangeError', errorMessage: 'too many', stackTrace: expect.any(Array) },
    { type: 'platform.report', record: { status: 'success', metrics: { memorySizeMB: 256 } } },
  ]);
});

test('more than a pipe holds does not stop a function', async () => {
  const fn = await deploy(`export const handler = async () => {
    for (let line = 0; line < 20_000; line++) console.log('x'.repeat(100));
    return 'written';
  };`);

  expect(await fn.invoke()).toMatchObject({ functionError: undefined, payload: 'written' });
});
