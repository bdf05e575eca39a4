import type { IdempotencyRecord } from '@aws-lambda-powertools/idempotency/persistence';
import type { OutsideCall } from '../../functions/backbone/aggregate.ts';
import type { EventStore } from '../../functions/backbone/event-store.ts';
import type { Fact } from '../../functions/backbone/fact.ts';
import {
  type IdempotencyTable,
  InMemoryIdempotencyRecords,
} from '../../functions/backbone/in-memory-idempotency-records.ts';
import type { Outside } from '../../functions/backbone/outside.ts';
import type { Publication, Published, Publisher } from '../../functions/backbone/publisher.ts';
import type { ReadModel } from '../../functions/backbone/read-model.ts';
import type { RefusedCommit } from '../../functions/backbone/relay.ts';
import type { SourceQueue } from '../../functions/backbone/source-queue.ts';
import type { Environment } from './environment.ts';
import { CONDITIONAL_WRITE, type MethodSpec, type PortSpec, READ, WRITE } from './port.ts';

/** Reads are strongly consistent: never stale. */
export const EVENT_STORE: PortSpec<EventStore> = {
  load: { about: (stream) => stream, faults: READ },
  causesUpTo: { about: (stream) => stream, faults: READ },
  append: { about: ({ stream, version }) => `${stream}@${version}`, faults: CONDITIONAL_WRITE },
};

export const READ_MODEL: PortSpec<ReadModel> = {
  apply: { about: ({ id }) => id, faults: WRITE },
};

const THROTTLED: Published = { kind: 'failed', code: 'ThrottlingException', message: 'too many events (simulated)' };

/** What the bus does not take it says entry by entry. */
export const PUBLISHER: PortSpec<Publisher> = {
  publish: {
    about: (publications) => publications.map(({ metadata }) => metadata.type).join(' ') || 'nothing',
    faults: (publications) => (publications.length > 1 ? [...WRITE, 'partial'] : WRITE),
    answers: {
      throttled: (_publish, publications) => Promise.resolve(publications.map(() => THROTTLED)),
      partial: async (publish, publications, untilMs) => {
        const isTaken = (_: Publication, place: number) => place % 2 === 0;
        const taken = await publish(publications.filter(isTaken), untilMs);
        return publications.map((_, place) => (isTaken(_, place) ? taken[place / 2] : undefined) ?? THROTTLED);
      },
    },
  },
};

/** @param keysKeptMs after which a call with the same key happens anew */
export function outsideSpec<Call extends OutsideCall, Outcome extends Fact>(
  keysKeptMs: number,
): PortSpec<Outside<Call, Outcome>> {
  const forgets = Number.isFinite(keysKeptMs);
  return {
    perform: {
      about: ({ key }) => key,
      faults: forgets ? [...WRITE, 'expired'] : WRITE,
      ...(forgets && { forgottenAfterMs: keysKeptMs }),
    },
    ask: { about: ({ key }) => key, faults: READ },
  };
}

export const SOURCE_QUEUE: PortSpec<SourceQueue> = {
  retryIn: { about: (receiptHandle, seconds) => `${receiptHandle} in ${seconds} s`, faults: WRITE },
  sendAgain: { about: (_message, seconds) => `in ${seconds} s`, faults: WRITE },
  acknowledge: { about: (receiptHandle) => receiptHandle, faults: WRITE },
  quarantine: { about: ({ attributes }) => attributes.reason ?? '', faults: WRITE },
};

/** A relay's way to its dead-letter queue. */
export const DEAD_LETTER: MethodSpec<[RefusedCommit], void> = {
  about: ({ key }) => `${key.pk}@${key.sk}`,
  faults: WRITE,
};

/** Powertools' store, whose hooks are what Powertools' own store in DynamoDB does in one call each. */
export class SimulatedRecords extends InMemoryIdempotencyRecords {
  readonly #environment: Environment;

  constructor(environment: Environment, table: IdempotencyTable) {
    super(environment.clock, table);
    this.#environment = environment;
  }

  protected override _putRecord(record: IdempotencyRecord): Promise<void> {
    return this.#call('put', [...CONDITIONAL_WRITE, 'expired'], record, () => super._putRecord(record));
  }

  protected override _updateRecord(record: IdempotencyRecord): Promise<void> {
    return this.#call('complete', [...WRITE, 'expired'], record, () => super._updateRecord(record));
  }

  protected override _deleteRecord(record: IdempotencyRecord): Promise<void> {
    return this.#call('delete', WRITE, record, () => super._deleteRecord(record));
  }

  protected override _getRecord(idempotencyKey: string): Promise<IdempotencyRecord> {
    return this.#call('get', READ, { idempotencyKey }, () => super._getRecord(idempotencyKey));
  }

  #call<Result>(
    method: string,
    faults: MethodSpec<[], Result>['faults'],
    { idempotencyKey }: Pick<IdempotencyRecord, 'idempotencyKey'>,
    perform: () => Promise<Result>,
  ): Promise<Result> {
    const forgottenAfterMs = this.getExpiresAfterSeconds() * 1000;
    return this.#environment.call(
      'records',
      method,
      { about: () => idempotencyKey, faults, forgottenAfterMs },
      perform,
    );
  }
}
