import { CreateFunctionCommand, InvokeCommand, LambdaClient, waitUntilFunctionActiveV2 } from '@aws-sdk/client-lambda';
import { expect, test } from 'vitest';
import { findAt } from '../../../localstack/bring-up/endpoint.ts';
import { processesOf } from '../../../localstack/bring-up/processes.ts';
import { readState } from '../../../localstack/bring-up/run-state.ts';
import { zip } from '../../../localstack/bring-up/zip.ts';
import { status } from '../../../localstack/local-aws.ts';
import { endpointOf } from '../../../localstack/settings.ts';
import { aPlace } from './local-command.ts';

/** Elsewhere there may be no Python: what runs here then runs in Docker, or was there before. */
const isHostMode = (await status()).mode === 'host';

test.skipIf(!isHostMode)('two calls at once start one; a third changes nothing; down leaves nothing', async () => {
  const place = await aPlace();

  const both = await Promise.all([place.run(['up']), place.run(['up'])]);

  expect(both.map(({ code }) => code)).toEqual([0, 0]);
  expect(both.filter(({ output }) => output.includes('Up in '))).toHaveLength(1);
  expect(both.filter(({ output }) => output.includes('answers at'))).toHaveLength(2);
  const state = readState(place.settings);
  expect(state).toMatchObject({ mode: 'host', endpoint: endpointOf(place.settings) });

  const third = await place.run(['up']);

  expect(third).toMatchObject({ code: 0, output: expect.stringContaining('already') });
  expect(third.output).toContain(`export AWS_ENDPOINT_URL=${endpointOf(place.settings)}`);
  expect(readState(place.settings)).toEqual(state);
  expect(JSON.parse((await place.run(['status', '--json'])).output)).toMatchObject({ running: true, mode: 'host' });

  expect(await place.run(['down'])).toMatchObject({ code: 0, output: expect.stringContaining('is down') });

  expect(await processesOf(place.owner)).toEqual([]);
  expect(await findAt(endpointOf(place.settings))).toEqual({ kind: 'nothing' });
  expect(await place.run(['status'])).toMatchObject({ code: 3 });
  expect(await place.run(['down'])).toMatchObject({
    code: 0,
    output: expect.stringContaining('There is no local AWS'),
  });
});

test.skipIf(!isHostMode)('what LocalStack leaves behind when it is killed does not get in the way', async () => {
  const place = await aPlace();
  const processes = async () => (await processesOf(place.owner)).length;
  await place.run(['up']);
  const killed = readState(place.settings);
  if (killed?.mode !== 'host') throw new Error('It was to be started in host mode.');
  await startFunction(endpointOf(place.settings));
  // LocalStack, the function, and DynamoDB, which is loaded in the background.
  await expect.poll(processes, { timeout: 30_000 }).toBe(3);

  process.kill(killed.pid, 'SIGKILL');

  // The function goes with it; DynamoDB stays.
  await expect.poll(processes, { timeout: 10_000 }).toBe(1);
  expect(await place.run(['up'])).toMatchObject({ code: 0, output: expect.stringContaining('Ended 1 process that') });
  expect(readState(place.settings)).not.toMatchObject({ pid: killed.pid });
  await place.run(['down']);
  expect(await processes()).toBe(0);
});

/** A function whose process is at work. */
async function startFunction(endpoint: string): Promise<void> {
  const lambda = new LambdaClient({ endpoint });
  const FunctionName = 'at-work';
  await lambda.send(
    new CreateFunctionCommand({
      FunctionName,
      Code: {
        ZipFile: zip({ 'index.mjs': 'export const handler = () => new Promise((end) => setTimeout(end, 60_000));' }),
      },
      Handler: 'index.handler',
      Runtime: 'nodejs24.x',
      Role: 'arn:aws:iam::000000000000:role/at-work',
      Timeout: 60,
    }),
  );
  await waitUntilFunctionActiveV2({ client: lambda, maxWaitTime: 20 }, { FunctionName });
  await lambda.send(new InvokeCommand({ FunctionName, InvocationType: 'Event' }));
}
