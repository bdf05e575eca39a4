import { randomUUID } from 'node:crypto';
import { IdempotencyConfig, type IdempotencyItemAlreadyExistsError } from '@aws-lambda-powertools/idempotency';
import type { BasePersistenceLayer, IdempotencyRecord } from '@aws-lambda-powertools/idempotency/persistence';
import { describe, expect, test } from 'vitest';

/** A table of idempotency records, and the time that its instances live in. */
export interface RecordsAndTheirTime {
  /** The records as one instance of a function sees them. */
  readonly open: () => BasePersistenceLayer;
  /** Lets time pass. It begins at a whole second. */
  readonly passes: (ms: number) => void;
}

/**
 * What every store of idempotency records must do. Keys are each test's own, so that many runs can share one table.
 *
 * @param name of the implementation
 * @param create called once for each test
 */
export function idempotencyRecordsConformance(name: string, create: () => RecordsAndTheirTime): void {
  describe(`${name} keep what was done`, () => recordsOf(create));
}

const LIFETIME_SECONDS = 30 * 24 * 3600;
const LEASE_MS = 7_000;
const MANY = 20;

/** The records of one instance, set up as an effect sets them up. */
function instanceOf({ open }: RecordsAndTheirTime, subscription = 'conformance'): BasePersistenceLayer {
  const records = open();
  const config = new IdempotencyConfig({ expiresAfterSeconds: LIFETIME_SECONDS });
  records.configure({ config, keyPrefix: subscription });
  return records;
}

/** The record that stands in the way of a put; nothing when none does. */
async function inTheWayOf(put: Promise<void>): Promise<IdempotencyRecord | undefined> {
  try {
    await put;
    return undefined;
  } catch (error) {
    if (!isTaken(error)) throw error;
    expect(error.existingRecord).toBeDefined();
    return error.existingRecord;
  }
}

/** By its name, as Powertools tells it itself. */
function isTaken(error: unknown): error is IdempotencyItemAlreadyExistsError {
  return error instanceof Error && error.name === 'IdempotencyItemAlreadyExistsError';
}

function recordsOf(create: () => RecordsAndTheirTime): void {
  test('a key that nobody put has no record', async () => {
    const records = instanceOf(create());

    await expect(records.getRecord(randomUUID())).rejects.toMatchObject({ name: 'IdempotencyItemNotFoundError' });
  });

  test('who comes while another acts is told so', async () => {
    const table = create();
    const [one, other] = [instanceOf(table), instanceOf(table)];
    const key = randomUUID();

    expect(await inTheWayOf(one.saveInProgress(key, LEASE_MS))).toBeUndefined();

    expect((await inTheWayOf(other.saveInProgress(key, LEASE_MS)))?.getStatus()).toBe('INPROGRESS');
    expect((await other.getRecord(key)).getStatus()).toBe('INPROGRESS');
  });

  test('of many who come at once, one acts', async () => {
    const table = create();
    const instances = Array.from({ length: MANY }, () => instanceOf(table));
    const key = randomUUID();

    const inTheWay = await Promise.all(instances.map((records) => inTheWayOf(records.saveInProgress(key, LEASE_MS))));

    expect(inTheWay.filter((record) => record === undefined)).toHaveLength(1);
  });

  /*
   *     put, leased for 7 s ─────────── 7 s: locked │ 1 ms later: free, and leased anew ─── 7 s: locked
   */
  test('who acts and is never heard of again keeps others away no longer than the lease', async () => {
    const table = create();
    const [one, other] = [instanceOf(table), instanceOf(table)];
    const key = randomUUID();
    await one.saveInProgress(key, LEASE_MS);

    table.passes(LEASE_MS);
    expect(await inTheWayOf(other.saveInProgress(key, LEASE_MS))).toBeDefined();

    table.passes(1);
    expect(await inTheWayOf(other.saveInProgress(key, LEASE_MS))).toBeUndefined();

    table.passes(LEASE_MS);
    expect(await inTheWayOf(one.saveInProgress(key, LEASE_MS))).toBeDefined();
  });

  test('of many who come when a lease has run out, one acts', async () => {
    const table = create();
    const instances = Array.from({ length: MANY }, () => instanceOf(table));
    const key = randomUUID();
    await instanceOf(table).saveInProgress(key, LEASE_MS);
    table.passes(LEASE_MS + 1);

    const inTheWay = await Promise.all(instances.map((records) => inTheWayOf(records.saveInProgress(key, LEASE_MS))));

    expect(inTheWay.filter((record) => record === undefined)).toHaveLength(1);
  });

  test.each([
    ['nothing', null],
    ['a text', 'zwölf 🪙'],
    [
      'an object',
      { metadata: { id: 'f', hops: 1 }, data: { lines: [{ sku: 'mug', quantity: 2 ** 53 - 1 }], none: null } },
    ],
  ])('who comes afterwards is told what was done, also when that is %s', async (_, result) => {
    const table = create();
    const [one, other] = [instanceOf(table), instanceOf(table)];
    const key = randomUUID();
    await one.saveInProgress(key, LEASE_MS);
    await one.saveSuccess(key, result);

    const record = await inTheWayOf(other.saveInProgress(key, LEASE_MS));

    expect(record?.getStatus()).toBe('COMPLETED');
    expect(record?.getResponse()).toStrictEqual(result);
    expect((await other.getRecord(key)).getResponse()).toStrictEqual(result);
  });

  test('what was done outlives the lease', async () => {
    const table = create();
    const records = instanceOf(table);
    const key = randomUUID();
    await records.saveInProgress(key, LEASE_MS);
    await records.saveSuccess(key, 'done');

    table.passes(LEASE_MS + 1);

    expect((await inTheWayOf(records.saveInProgress(key, LEASE_MS)))?.getResponse()).toBe('done');
  });

  test('what was done is known for the lifetime of a record, from when it was done', async () => {
    const table = create();
    const records = instanceOf(table);
    const key = randomUUID();
    await records.saveInProgress(key, LEASE_MS);
    table.passes(5_000);
    await records.saveSuccess(key, 'done');

    table.passes(LIFETIME_SECONDS * 1000);
    expect((await inTheWayOf(records.saveInProgress(key, LEASE_MS)))?.getResponse()).toBe('done');

    table.passes(1_000);
    expect((await records.getRecord(key)).getStatus()).toBe('EXPIRED');
    expect(await inTheWayOf(records.saveInProgress(key, LEASE_MS))).toBeUndefined();
    expect((await records.getRecord(key)).getStatus()).toBe('INPROGRESS');
  });

  test('who is late completes it all the same', async () => {
    const table = create();
    const records = instanceOf(table);
    const key = randomUUID();
    await records.saveInProgress(key, LEASE_MS);

    table.passes(LEASE_MS + 1);
    await records.saveSuccess(key, 'done');

    expect((await inTheWayOf(records.saveInProgress(key, LEASE_MS)))?.getResponse()).toBe('done');
  });

  test('a record that is given up is free at once', async () => {
    const table = create();
    const [one, other] = [instanceOf(table), instanceOf(table)];
    const key = randomUUID();
    await one.saveInProgress(key, LEASE_MS);

    await one.deleteRecord(key);

    await expect(other.getRecord(key)).rejects.toMatchObject({ name: 'IdempotencyItemNotFoundError' });
    expect(await inTheWayOf(other.saveInProgress(key, LEASE_MS))).toBeUndefined();
  });

  test('keys are kept apart, and subscriptions are too', async () => {
    const table = create();
    const key = randomUUID();
    await instanceOf(table, 'mails').saveInProgress(key, LEASE_MS);

    expect(await inTheWayOf(instanceOf(table, 'mails').saveInProgress(`${key}0`, LEASE_MS))).toBeUndefined();
    expect(await inTheWayOf(instanceOf(table, 'calls').saveInProgress(key, LEASE_MS))).toBeUndefined();
  });
}
