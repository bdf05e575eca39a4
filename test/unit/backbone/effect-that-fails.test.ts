import { expect, test, vi } from 'vitest';
import { Bell, reached, UNNAMED } from './bell.ts';

test('an act that fails frees its record, so that it acts when the event comes again', async () => {
  const bell = new Bell();
  bell.ring = () => Promise.reject(new RangeError('no arm long enough'));
  expect(await bell.handle([reached('e1', 'red')])).toEqual(['RangeError']);
  bell.ring = (door) => Promise.resolve({ door });

  expect(await bell.handle([reached('e1', 'red')])).toEqual(['done']);

  expect(bell.rung).toEqual(['red', 'red']);
});

test('one that fails leaves the others of its batch alone', async () => {
  const bell = new Bell();
  bell.ring = (door) => (door === 'red' ? Promise.reject(new RangeError('no')) : Promise.resolve({ door }));

  expect(await bell.handle([reached('e1', 'red'), reached('e2', 'green')])).toEqual(['RangeError', 'done']);
});

/*
 *     put the record ── act ── complete it ── publish ╳        the event comes again: publish from the record
 */
test.each(['failed', 'refused'] as const)(
  'what was done and whose telling %s is told next time, without acting',
  async (kind) => {
    const bell = new Bell();
    const event = reached('e1', 'red');
    bell.publisher.otherwise = { kind, code: 'Code', message: 'why' };
    expect(await bell.handle([event])).toEqual(['NotPublished']);
    bell.publisher.otherwise = { kind: 'published' };

    expect(await bell.handle([event])).toEqual(['done']);

    expect(bell.rung).toEqual(['red']);
    expect(bell.publisher.given[1]).toEqual(bell.publisher.given[0]);
  },
);

test('why it could not be told is said, and what the bus answered is its cause', async () => {
  const bell = new Bell();
  const answer = { kind: 'failed', code: 'ThrottlingException', message: 'slow down' } as const;
  bell.publisher.otherwise = answer;

  await bell.handle([reached('e1', 'red')]);

  expect(bell.failures).toMatchObject([{ message: 'BellRung of red: ThrottlingException slow down', cause: answer }]);
});

test('what nobody says to be told is not taken for told', async () => {
  const bell = new Bell();
  bell.publisher.publish = () => Promise.resolve([]);

  expect(await bell.handle([reached('e1', 'red')])).toEqual(['NotPublished']);

  expect(bell.failures).toMatchObject([
    { message: 'BellRung of red: NoAnswer the publisher did not say what became of it' },
  ]);
});

/*
 *     one:     put the record ── act ───────────────────── complete it
 *     other:                        put the record ✗ in progress: fails, and comes again
 */
test('two at a time act once, and the second fails for now', async () => {
  const bell = new Bell();
  const { promise, resolve } = Promise.withResolvers<void>();
  bell.ring = (door) => promise.then(() => ({ door }));

  const one = bell.handle([reached('e1', 'red')]);
  const other = await bell.handle([reached('e1', 'red')]);
  resolve();

  expect(other).toEqual(['IdempotencyAlreadyInProgressError']);
  expect(await one).toEqual(['done']);
  expect(bell.rung).toEqual(['red']);
});

test('the same fact twice in one batch acts once', async () => {
  const bell = new Bell();

  expect(await bell.handle([reached('e1', 'red'), reached('e2', 'red')])).toEqual([
    'done',
    'IdempotencyAlreadyInProgressError',
  ]);
  expect(bell.rung).toEqual(['red']);
});

/*
 *     put the record, leased for the function's 7 remaining seconds ── act ╳      6 s: in progress      8 s: acts again
 */
test('the lease of a record follows the time that the function has left', async () => {
  const bell = new Bell();
  bell.ring = () => new Promise(() => undefined);
  void bell.handle([reached('e1', 'red')], 7_000);
  await vi.waitFor(() => expect(bell.rung).toEqual(['red']));
  bell.ring = (door) => Promise.resolve({ door });

  bell.clock.advance(6_000);
  expect(await bell.handle([reached('e1', 'red')])).toEqual(['IdempotencyAlreadyInProgressError']);

  bell.clock.advance(2_000);
  expect(await bell.handle([reached('e1', 'red')])).toEqual(['done']);
  expect(bell.rung).toEqual(['red', 'red']);
});

test('when the record cannot be completed, the event fails, and acts again after the lease: at least once', async () => {
  const bell = new Bell();
  bell.records.failNextUpdate = true;

  expect(await bell.handle([reached('e1', 'red')], 5_000)).toEqual(['IdempotencyPersistenceLayerError']);
  expect(bell.publisher.given).toEqual([]);

  bell.clock.advance(6_000);
  expect(await bell.handle([reached('e1', 'red')])).toEqual(['done']);
  expect(bell.rung).toEqual(['red', 'red']);
});

test('what nobody could read is not told', async () => {
  const bell = new Bell();
  bell.ring = () => Promise.resolve({ door: UNNAMED });

  expect(await bell.handle([reached('e1', 'red')])).toEqual(['UnreadableEvent']);

  expect(bell.publisher.given).toEqual([]);
});
