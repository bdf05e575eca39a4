import type { JSONValue } from '@aws-lambda-powertools/commons/types';
import { IdempotencyItemAlreadyExistsError, IdempotencyItemNotFoundError } from '@aws-lambda-powertools/idempotency';
import { BasePersistenceLayer, IdempotencyRecord } from '@aws-lambda-powertools/idempotency/persistence';
import type { IdempotencyRecordOptions } from '@aws-lambda-powertools/idempotency/types';
import type { Clock } from './clock.ts';

/** Records by their key; times are those of the clock of whoever wrote them. */
export type IdempotencyTable = Map<string, IdempotencyRecordOptions>;

/**
 * Idempotency records in memory, under the conditions of Powertools' own store in DynamoDB: for tests of effects
 * without AWS. Leases and expiry follow the injected clock, where Powertools reads the system's. It validates no
 * payloads and keeps no local cache: no effect here asks for them.
 *
 * @example two instances of a function, each with a clock of its own
 *     const table: IdempotencyTable = new Map();
 *     const [one, other] = [new InMemoryIdempotencyRecords(clock, table), new InMemoryIdempotencyRecords(late, table)];
 */
export class InMemoryIdempotencyRecords extends BasePersistenceLayer {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #table: IdempotencyTable;

  /** @param table what several instances of a function share @default one of its own */
  constructor(clock: Pick<Clock, 'now'>, table: IdempotencyTable = new Map()) {
    super();
    this.#clock = clock;
    this.#table = table;
  }

  /** All records, for assertions. */
  get records(): readonly IdempotencyRecord[] {
    return [...this.#table.values()].map((options) => this.#toRecord(options));
  }

  override async saveInProgress(data: JSONValue, remainingTimeInMillis?: number): Promise<void> {
    const record = this.#toRecord({
      idempotencyKey: this.getHashedIdempotencyKey(data),
      status: 'INPROGRESS',
      expiryTimestamp: this.#expirySeconds(),
    });
    if (remainingTimeInMillis) record.inProgressExpiryTimestamp = this.#clock.now() + remainingTimeInMillis;
    await this._putRecord(record);
  }

  override async saveSuccess(data: JSONValue, result: JSONValue): Promise<void> {
    await this._updateRecord(
      this.#toRecord({
        idempotencyKey: this.getHashedIdempotencyKey(data),
        status: 'COMPLETED',
        expiryTimestamp: this.#expirySeconds(),
        responseData: result,
      }),
    );
  }

  /*
   *     |      locked       |  free, if it is still in progress  |  free
   *     |───────────────────|────────────────────────────────────|─────────▶ time
   *     put           the lease ends                     the record expires
   */
  protected override _putRecord(record: IdempotencyRecord): Promise<void> {
    const known = this.#table.get(record.idempotencyKey);
    const nowMs = this.#clock.now();
    const isFree =
      known === undefined ||
      (known.expiryTimestamp !== undefined && known.expiryTimestamp < nowMs / 1000) ||
      (known.status === 'INPROGRESS' &&
        known.inProgressExpiryTimestamp !== undefined &&
        known.inProgressExpiryTimestamp < nowMs);
    if (!isFree) {
      const message = `Failed to put record for already existing idempotency key: ${record.idempotencyKey}`;
      return Promise.reject(new IdempotencyItemAlreadyExistsError(message, this.#toRecord(known)));
    }
    this.#table.set(record.idempotencyKey, toOptions(record));
    return Promise.resolve();
  }

  /** Unconditional, as in DynamoDB: what it does not name stays. */
  protected override _updateRecord(record: IdempotencyRecord): Promise<void> {
    const known = this.#table.get(record.idempotencyKey);
    this.#table.set(record.idempotencyKey, { ...known, ...toOptions(record) });
    return Promise.resolve();
  }

  protected override _getRecord(idempotencyKey: string): Promise<IdempotencyRecord> {
    const known = this.#table.get(idempotencyKey);
    return known === undefined
      ? Promise.reject(new IdempotencyItemNotFoundError())
      : Promise.resolve(this.#toRecord(known));
  }

  protected override _deleteRecord({ idempotencyKey }: IdempotencyRecord): Promise<void> {
    this.#table.delete(idempotencyKey);
    return Promise.resolve();
  }

  #expirySeconds(): number {
    return Math.round(this.#clock.now() / 1000 + this.getExpiresAfterSeconds());
  }

  #toRecord(options: IdempotencyRecordOptions): IdempotencyRecord {
    return new RecordByClock(structuredClone(options), this.#clock);
  }
}

/** A record whose expiry is told by the injected clock. */
class RecordByClock extends IdempotencyRecord {
  readonly #clock: Pick<Clock, 'now'>;

  constructor(options: IdempotencyRecordOptions, clock: Pick<Clock, 'now'>) {
    super(options);
    this.#clock = clock;
  }

  override isExpired(): boolean {
    return this.expiryTimestamp !== undefined && this.#clock.now() / 1000 > this.expiryTimestamp;
  }
}

function toOptions(record: IdempotencyRecord): IdempotencyRecordOptions {
  const { idempotencyKey, expiryTimestamp, inProgressExpiryTimestamp, responseData } = record;
  return structuredClone({
    idempotencyKey,
    status: record.getStatus(),
    ...(expiryTimestamp !== undefined && { expiryTimestamp }),
    ...(inProgressExpiryTimestamp !== undefined && { inProgressExpiryTimestamp }),
    ...(responseData !== undefined && { responseData }),
  });
}
