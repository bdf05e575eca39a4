import { afterEach, expect, test, vi } from 'vitest';
import { logger, metrics } from '../../../functions/backbone/observability.ts';
import { onCall } from '../../simulation/faults.ts';
import { World } from '../../simulation/world.ts';
import { ParcelHandedIn, postOffice, postOfficeWith, type Work } from './post-office.ts';

afterEach(() => void vi.restoreAllMocks());

test('while a world runs, the process’s clock shows its time, and its own again afterwards', async () => {
  const shown: number[] = [];
  const start = (): Work => (parcel, stamp) => {
    shown.push(Date.now());
    return stamp(parcel);
  };
  const original = Date.now;
  const world = new World(postOffice({ start }), { start: '2031-05-06T07:08:09.000Z', stepMs: 0 });
  world.send(ParcelHandedIn, { parcel: 'p1' }, { inSeconds: 60 });

  await world.run();

  expect(shown).toEqual([Date.parse('2031-05-06T07:09:09.000Z')]);
  expect(Date.now).toBe(original);
});

test('two worlds that run at the same time each have their own', async () => {
  const world = (year: number) => {
    const years: number[] = [];
    const start = (): Work => async (parcel, stamp) => {
      await stamp(parcel);
      years.push(new Date(Date.now()).getUTCFullYear());
    };
    const made = new World(postOffice({ start, batchSize: 1 }), { start: `${year}-01-01T00:00:00.000Z` });
    for (const parcel of ['p1', 'p2', 'p3']) made.send(ParcelHandedIn, { parcel });
    return { years, run: () => made.run() };
  };
  const [one, other] = [world(2031), world(2042)];

  await Promise.all([one.run(), other.run()]);

  expect(one.years).toEqual([2031, 2031, 2031]);
  expect(other.years).toEqual([2042, 2042, 2042]);
});

test('nothing is printed; what functions complain of is in the trace, and what they count is counted', async () => {
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  const complaints = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const start = (): Work => (parcel, stamp) =>
    parcel === 'bad' ? Promise.reject(new RangeError('too heavy')) : stamp(parcel);
  const world = postOfficeWith(['p1', 'bad'], { start, retry: { attempts: 2, baseSeconds: 1, capSeconds: 1 } });

  await world.run();

  expect(write).not.toHaveBeenCalled();
  expect(complaints).not.toHaveBeenCalled();
  expect(world.counts.get('EventsHandled')).toBe(1);
  expect(world.counts.get('EventsRetried')).toBe(1);
  expect(world.counts.get('DeadLetters')).toBe(1);
  const told = world.trace.filter(({ did }) => did === 'complains').map(({ who, outcome }) => `${who} ${outcome}`);
  expect(told).toContain('desk-1 RangeError: too heavy');
});

test('log and metrics are afterwards as they were before, also when a run fails', async () => {
  const before = [logger.info, logger.error, ...metrics.map(({ addMetric }) => addMetric)];
  const world = postOfficeWith(['p1'], {}, { faults: onCall('ink.stamp', 'twice') });

  await expect(world.run()).rejects.toThrow("knows no 'twice'");

  expect([logger.info, logger.error, ...metrics.map(({ addMetric }) => addMetric)]).toEqual(before);
});
