import { IdempotencyItemAlreadyExistsError, IdempotencyItemNotFoundError } from '@aws-lambda-powertools/idempotency';
import { BasePersistenceLayer, type IdempotencyRecord } from '@aws-lambda-powertools/idempotency/persistence';

/** Idempotency records in memory, under the conditions of Powertools' own store in DynamoDB. */
export class InMemoryRecords extends BasePersistenceLayer {
  readonly records = new Map<string, IdempotencyRecord>();
  /** Lets the completion of the next record fail. */
  failNextUpdate = false;

  protected override _putRecord(record: IdempotencyRecord): Promise<void> {
    const before = this.records.get(record.idempotencyKey);
    // Powertools has no other clock: a test moves the system's.
    const leaseOver = (before?.inProgressExpiryTimestamp ?? Number.POSITIVE_INFINITY) < Date.now();
    if (before === undefined || before.isExpired() || (before.getStatus() === 'INPROGRESS' && leaseOver)) {
      this.records.set(record.idempotencyKey, record);
      return Promise.resolve();
    }
    return Promise.reject(new IdempotencyItemAlreadyExistsError('there is one', before));
  }

  protected override _updateRecord(record: IdempotencyRecord): Promise<void> {
    if (this.failNextUpdate) {
      this.failNextUpdate = false;
      return Promise.reject(new Error('the record cannot be completed'));
    }
    this.records.set(record.idempotencyKey, record);
    return Promise.resolve();
  }

  protected override _getRecord(idempotencyKey: string): Promise<IdempotencyRecord> {
    const record = this.records.get(idempotencyKey);
    return record === undefined ? Promise.reject(new IdempotencyItemNotFoundError()) : Promise.resolve(record);
  }

  protected override _deleteRecord({ idempotencyKey }: IdempotencyRecord): Promise<void> {
    this.records.delete(idempotencyKey);
    return Promise.resolve();
  }
}
