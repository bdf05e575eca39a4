import { expect, test } from 'vitest';
import { Bell, reached } from './bell.ts';

const eighteenDaysMs = 18 * 24 * 3600_000;
const now = Date.parse('2026-01-31T12:00:00.000Z');
const justTooOld = new Date(now - eighteenDaysMs - 1).toISOString();
const justYoungEnough = new Date(now - eighteenDaysMs).toISOString();

test('a replayed event is not acted upon, and that is told', async () => {
  const bell = new Bell();

  expect(await bell.handle([reached('e1', 'red', { replay: 'again-1' })])).toEqual(['done']);

  expect(bell.rung).toEqual([]);
  expect(bell.publisher.given).toEqual([]);
  expect(bell.skipped).toEqual(['e1: replayed by again-1']);
});

test('an event older than half the lifetime of a record is not acted upon, and that is told', async () => {
  const bell = new Bell();
  const events = [reached('e1', 'red', { time: justTooOld }), reached('e2', 'green', { time: justYoungEnough })];

  expect(await bell.handle(events)).toEqual(['done', 'done']);

  expect(bell.rung).toEqual(['green']);
  expect(bell.skipped).toEqual([`e1: dated ${justTooOld}, older than the records of what was done`]);
});

test('nobody needs to listen', async () => {
  const bell = new Bell();
  bell.isWatched = false;

  expect(await bell.handle([reached('e1', 'red', { replay: 'again-1' })])).toEqual(['done']);

  expect(bell.rung).toEqual([]);
});

test('both are acted upon when an operator says so', async () => {
  const bell = new Bell();
  bell.actOnOldEvents = true;

  await bell.handle([reached('e1', 'red', { replay: 'again-1' }), reached('e2', 'green', { time: justTooOld })]);

  expect(bell.rung).toEqual(['red', 'green']);
  expect(bell.skipped).toEqual([]);
});
