import type { IdempotencyRecord } from '@aws-lambda-powertools/idempotency/persistence';
import { InMemoryIdempotencyRecords } from '../../../functions/backbone/in-memory-idempotency-records.ts';

/** Idempotency records in memory that a test can disturb. */
export class ScriptedRecords extends InMemoryIdempotencyRecords {
  /** Lets the completion of the next record fail. */
  failNextUpdate = false;

  protected override async _updateRecord(record: IdempotencyRecord): Promise<void> {
    if (this.failNextUpdate) {
      this.failNextUpdate = false;
      throw new Error('the record cannot be completed');
    }
    await super._updateRecord(record);
  }
}
