import { expect, test } from 'vitest';
import { readState, writeState } from '../../../localstack/bring-up/run-state.ts';
import { endpointOf } from '../../../localstack/settings.ts';
import { aPlace } from './local-command.ts';

/** A process id that was LocalStack's once and is somebody else's now: ours, so that a mistake would end this test. */
const notLocalStack = process.pid;

test('a process id that has become another process is not ended, and forgotten', async () => {
  const place = await aPlace();
  const endpoint = endpointOf(place.settings);
  writeState(place.settings, { mode: 'host', endpoint, startedAt: new Date().toISOString(), pid: notLocalStack });

  expect(await place.run(['down'])).toMatchObject({
    code: 0,
    output: expect.stringContaining('There is no local AWS'),
  });

  expect(readState(place.settings)).toBeUndefined();
});

test('a state file that makes no sense is as good as none', async () => {
  const place = await aPlace();
  writeState(place.settings, JSON.parse('{ "mode": "host", "pid": "many" }'));

  expect(await place.run(['status'])).toMatchObject({ code: 3 });
  expect(await place.run(['down'])).toMatchObject({ code: 0 });
});
