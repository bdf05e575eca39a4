import { expect, test } from 'vitest';
import { NotQuiet } from '../../simulation/scheduler.ts';
import { postOfficeWith, told, type Work } from './post-office.ts';

test('a run ends when nothing is left to happen', async () => {
  const world = postOfficeWith(['p1']);

  await world.run();

  expect(world.nowMs).toBe(Date.parse('2026-01-31T12:00:00.000Z'));
  expect(world.queue('desk').messages).toEqual([]);
});

test('a run for a time ends at it, and what comes later comes in the next', async () => {
  const world = postOfficeWith(['p1'], { delaySeconds: 100 });

  await world.run({ seconds: 99 });
  expect(world.nowMs).toBe(Date.parse('2026-01-31T12:01:39.000Z'));
  expect(told(world)).toEqual([]);

  await world.run({ seconds: 1 });
  expect(told(world)).toEqual(['p1 by desk-1 at 100']);
});

test('a run without an end ends with an error', async () => {
  const start = (): Work => async (parcel, stamp) => {
    for (;;) await stamp(parcel);
  };
  const world = postOfficeWith(['p1'], { start, timeoutSeconds: 10 });

  await expect(world.run({ steps: 500 })).rejects.toThrow(NotQuiet);
});
