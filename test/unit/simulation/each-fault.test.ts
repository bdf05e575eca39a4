import { expect, test } from 'vitest';
import { type Fault, NO_FAULTS, onCall } from '../../simulation/faults.ts';
import { postOfficeWith, told } from './post-office.ts';

/** What a stamp's caller was told, and what came of the stamp. */
async function stampWith(fault: Fault | undefined) {
  const answers: string[] = [];
  const start = () => (parcel: string, stamp: (parcel: string) => Promise<void>) =>
    stamp(parcel).then(
      () => void answers.push('done'),
      (error: Error) => void answers.push(error.name),
    );
  const faults = fault === undefined ? NO_FAULTS : onCall('ink.stamp', fault);
  const world = postOfficeWith(['p1'], { start }, { faults });
  await world.run();
  return { answers, stamps: told(world) };
}

test('without a fault a call takes effect once, and answers', async () => {
  expect(await stampWith(undefined)).toEqual({ answers: ['done'], stamps: ['p1 by desk-1 at 0'] });
});

test('error-before: it fails, and nothing happened', async () => {
  expect(await stampWith('error-before')).toEqual({ answers: ['InternalServerError'], stamps: [] });
});

test('error-after: it fails, and it happened', async () => {
  expect(await stampWith('error-after')).toEqual({ answers: ['TimeoutError'], stamps: ['p1 by desk-1 at 0'] });
});

test('throttled: it fails as AWS throttles, and nothing happened', async () => {
  expect(await stampWith('throttled')).toEqual({ answers: ['ThrottlingException'], stamps: [] });
});

test('dies-before: nobody is told, nothing happened, and another environment gets the message', async () => {
  expect(await stampWith('dies-before')).toEqual({ answers: ['done'], stamps: ['p1 by desk-2 at 60'] });
});

test('dies-after: nobody is told, it happened, and another environment gets the message', async () => {
  expect(await stampWith('dies-after')).toEqual({
    answers: ['done'],
    stamps: ['p1 by desk-1 at 0', 'p1 by desk-2 at 60'],
  });
});

test('slow: it happens when half of the time is over, and answers', async () => {
  expect(await stampWith('slow')).toEqual({ answers: ['done'], stamps: ['p1 by desk-1 at 5'] });
});

test('times-out: it happens at the very end of the time, and nobody is told', async () => {
  expect(await stampWith('times-out')).toEqual({
    answers: ['done'],
    stamps: ['p1 by desk-1 at 9.999', 'p1 by desk-2 at 60'],
  });
});

test('retried: it happens twice, and the second answer counts', async () => {
  expect(await stampWith('retried')).toEqual({
    answers: ['done'],
    stamps: ['p1 by desk-1 at 0', 'p1 by desk-1 at 0'],
  });
});

test('competitor: another environment with the same message is through first', async () => {
  expect(await stampWith('competitor')).toEqual({
    answers: ['done', 'done'],
    stamps: ['p1 by desk-2 at 0', 'p1 by desk-1 at 0'],
  });
});

test('a competitor that dies is one that has ended, too', async () => {
  const faults = { at: ({ n, port }: { n: number; port: string }) => (port === 'ink' ? FATES[n] : undefined) };
  const FATES: Readonly<Record<number, Fault>> = { 3: 'competitor', 4: 'dies-before' };
  const world = postOfficeWith(['p1'], {}, { faults });

  await world.run();

  // The first one's receipt is outdated by then, so the message comes once more.
  expect(told(world)).toEqual(['p1 by desk-1 at 0', 'p1 by desk-1 at 60']);
});
