import { marshall } from '@aws-sdk/util-dynamodb';
import type { AttributeValue, DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import type { SimulatedFunction } from './function.ts';
import { hashOf } from './hash.ts';
import type { Ending } from './invocation.ts';
import { type Kernel, note } from './kernel.ts';
import { fits } from './pattern.ts';
import type { Step, StepSource } from './scheduler.ts';

/** An item as it lies in the table. */
export type Item = Readonly<Record<string, unknown>> & { readonly pk: string; readonly sk: number };

export interface TableStreamProps {
  readonly name: string;
  readonly relay: SimulatedFunction<DynamoDBStreamEvent, DynamoDBBatchResponse>;
  /** Which changes the relay receives: Lambda's event filters. */
  readonly filters: readonly object[];
  /** How many shards the table has: an item stays in one, and nothing keeps the order between them. */
  readonly shards: number;
  /** Told of what was given up because it was too old. */
  readonly lapsed: (item: Pick<Item, 'pk' | 'sk'>) => void;
}

/** What the backbone's construct says: lib/backbone/event-store.ts. */
const BATCH_SIZE = 100;
const MOST_AGE_MS = 20 * 3600_000;

/** Between two attempts at a batch: Lambda's own is not published. */
const BACKOFF = { baseMs: 1_000, capMs: 60_000 };

/**
 * A table's stream and Lambda's event source mapping of it. Each shard hands its records to the relay in their order, one
 * batch at a time, and stays at what failed until it succeeds.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-eventsourcemapping.html
 */
export class TableStream {
  readonly shards: readonly Shard[];
  readonly #kernel: Kernel;
  readonly #filters: readonly object[];
  #records = 0;

  constructor(kernel: Kernel, props: TableStreamProps) {
    this.#kernel = kernel;
    this.#filters = props.filters;
    this.shards = Array.from(
      { length: props.shards },
      (_, n) => new Shard(kernel, `${props.name}-stream-${n + 1}`, props),
    );
  }

  /** Tells of a written item, and of what it was before. */
  put(after: Item, before?: Item): void {
    const { scheduler } = this.#kernel;
    this.#records += 1;
    const { pk, sk } = after;
    const record: DynamoDBRecord = {
      eventID: `${pk}@${sk}#${this.#records}`,
      eventName: before === undefined ? 'INSERT' : 'MODIFY',
      eventVersion: '1.1',
      eventSource: 'aws:dynamodb',
      awsRegion: 'eu-central-1',
      dynamodb: {
        ApproximateCreationDateTime: Math.floor(scheduler.nowMs / 1000),
        SequenceNumber: String(this.#records).padStart(21, '0'),
        Keys: image({ pk, sk }),
        NewImage: image(after),
        ...(before !== undefined && { OldImage: image(before) }),
        StreamViewType: 'NEW_AND_OLD_IMAGES',
      },
    };
    if (!this.#filters.some((filter) => fits(filter, record))) return;
    const change = { record, pk, sk, atMs: scheduler.nowMs, order: scheduler.nextOrder() };
    this.shards[hashOf(pk) % this.shards.length]?.push(change);
  }
}

interface Change extends Pick<Item, 'pk' | 'sk'> {
  readonly record: DynamoDBRecord;
  readonly atMs: number;
  readonly order: number;
}

class Shard implements StepSource {
  readonly name: string;
  readonly #kernel: Kernel;
  readonly #props: TableStreamProps;
  readonly #changes: Change[] = [];
  #isBusy = false;
  #notBeforeMs = 0;
  #attempts = 0;
  #failures = 0;
  #batchSize = BATCH_SIZE;

  constructor(kernel: Kernel, name: string, props: TableStreamProps) {
    this.#kernel = kernel;
    this.name = name;
    this.#props = props;
  }

  /** What has not been relayed yet, oldest first. */
  get waiting(): readonly string[] {
    return this.#changes.map(keyOf);
  }

  /** All that tells what it will do. */
  get stands(): string {
    const waitMs = Math.max(0, this.#notBeforeMs - this.#kernel.scheduler.nowMs);
    return [this.name, this.#isBusy, waitMs, this.#batchSize, this.#failures, ...this.waiting].join(' ');
  }

  push(change: Change): void {
    this.#changes.push(change);
  }

  offer(nowMs: number, steps: Step[]): void {
    const [oldest] = this.#changes;
    if (oldest === undefined || this.#isBusy || this.#notBeforeMs > nowMs) return;
    const atMs = Math.max(oldest.atMs, this.#notBeforeMs);
    const take = () => this.#deliver();
    steps.push({ atMs, order: oldest.order, who: this.name, what: 'deliver', about: keyOf(oldest), take });
  }

  nextMs(nowMs: number): number {
    return this.#changes.length > 0 && this.#notBeforeMs > nowMs ? this.#notBeforeMs : Number.POSITIVE_INFINITY;
  }

  #deliver(): void {
    const { scheduler, calls } = this.#kernel;
    this.#giveUpOld();
    const who = this.name;
    const possible = Math.min(this.#changes.length, this.#batchSize);
    if (possible === 0) return;
    const batch = this.#changes.slice(0, scheduler.pick(possible, { kind: 'batch', who }) || possible);
    const about = batch.map(keyOf).join(' ');
    const { n, fault } = calls.announce({ who, port: 'stream', method: 'deliver', about, faults: ['twice', 'fails'] });
    if (fault !== undefined) note(this.#kernel, { who, did: 'stream.deliver', about, n, fault });
    if (fault === 'fails') {
      this.#retry({ bisect: true });
      return;
    }
    this.#isBusy = true;
    this.#attempts += 1;
    this.#props.relay.invoke({
      event: { Records: batch.map(({ record }) => record) },
      key: `${who} ${this.#attempts} ${about}`,
      about,
      keepAway: (ms) => {
        this.#notBeforeMs = scheduler.nowMs + ms;
      },
      // A shard is never read by two at a time.
      compete: () => undefined,
      ended: (ending) => {
        this.#isBusy = false;
        this.#settle(batch, about, fault === 'twice' ? { kind: 'died' } : ending);
      },
    });
  }

  #settle(batch: readonly Change[], about: string, ending: Ending<DynamoDBBatchResponse>): void {
    if (ending.kind === 'failed') note(this.#kernel, { who: this.name, did: 'fails', about, outcome: ending.error });
    if (ending.kind !== 'answered') {
      this.#retry({ bisect: true });
      return;
    }
    const failed = new Set(ending.answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    const resumeAt = batch.findIndex(({ record }) => failed.has(record.dynamodb?.SequenceNumber ?? ''));
    if (failed.size === 0) {
      this.#changes.splice(0, batch.length);
      this.#failures = 0;
      this.#batchSize = BATCH_SIZE;
      return;
    }
    this.#changes.splice(0, Math.max(resumeAt, 0));
    note(this.#kernel, { who: this.name, did: 'resumes', about: this.waiting[0] ?? '' });
    this.#retry({ bisect: false });
  }

  /** A call that failed without a report is cut in half, to find the record that it is about. */
  #retry({ bisect }: { readonly bisect: boolean }): void {
    if (bisect) this.#batchSize = Math.max(1, Math.floor(Math.min(this.#batchSize, this.#changes.length) / 2));
    const waitMs = Math.min(BACKOFF.capMs, BACKOFF.baseMs * 2 ** this.#failures);
    this.#failures += 1;
    this.#notBeforeMs = Math.max(this.#notBeforeMs, this.#kernel.scheduler.nowMs + waitMs);
  }

  #giveUpOld(): void {
    const oldestMs = this.#kernel.scheduler.nowMs - MOST_AGE_MS;
    const old = this.#changes.findIndex(({ atMs }) => atMs >= oldestMs);
    for (const { pk, sk } of this.#changes.splice(0, old < 0 ? this.#changes.length : old))
      this.#props.lapsed({ pk, sk });
  }
}

function keyOf({ pk, sk }: Pick<Item, 'pk' | 'sk'>): string {
  return `${pk}@${sk}`;
}

function image(item: Readonly<Record<string, unknown>>): { [field: string]: AttributeValue } {
  // The SDK's type and Lambda's differ in binary values only, which no item has.
  return marshall(item, { removeUndefinedValues: true }) as { [field: string]: AttributeValue };
}
