import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { SimulatedFunction } from './function.ts';
import type { Ending, Rival } from './invocation.ts';
import { type Kernel, note } from './kernel.ts';
import { type Message, receiptOf, type SimulatedQueue } from './queue.ts';
import type { Step, StepSource } from './scheduler.ts';

/** How a queue feeds its function. The defaults are those of the backbone's constructs. */
export interface QueueMappingSettings {
  /**
   * At most this many messages a call.
   *
   * @default 10
   */
  readonly batchSize?: number;
  /**
   * At most this many calls at a time.
   *
   * @default 10
   */
  readonly maxConcurrency?: number;
}

/**
 * Lambda's event source mapping of a queue: hands batches of messages to the function, and takes those off the queue that
 * the function does not report as failed.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
export class QueueMapping implements StepSource {
  readonly #kernel: Kernel;
  readonly #queue: SimulatedQueue;
  readonly #function: SimulatedFunction<SQSEvent, SQSBatchResponse>;
  readonly #batchSize: number;
  readonly #maxConcurrency: number;

  constructor(
    kernel: Kernel,
    queue: SimulatedQueue,
    target: SimulatedFunction<SQSEvent, SQSBatchResponse>,
    { batchSize = 10, maxConcurrency = 10 }: QueueMappingSettings,
  ) {
    this.#kernel = kernel;
    this.#queue = queue;
    this.#function = target;
    this.#batchSize = batchSize;
    this.#maxConcurrency = maxConcurrency;
  }

  offer(_nowMs: number, steps: Step[]): void {
    if (!this.#queue.hasVisible || this.#function.running >= this.#maxConcurrency) return;
    const firsts = this.#queue.firsts();
    const [oldest] = firsts;
    if (oldest === undefined) return;
    const { visibleMs: atMs, order } = oldest;
    const take = () => this.#deliver(firsts);
    steps.push({ atMs, order, who: this.#queue.name, what: 'deliver', about: factOf(oldest.body), take });
  }

  nextMs(nowMs: number): number {
    return this.#queue.nextMs(nowMs);
  }

  #deliver(firsts: readonly Message[]): void {
    const { scheduler, calls } = this.#kernel;
    const who = this.#queue.name;
    const first = firsts[scheduler.pick(firsts.length, { kind: 'message', who })];
    if (first === undefined) return;
    const together = this.#queue.together(first).slice(0, this.#batchSize);
    const most = scheduler.pick(together.length, { kind: 'batch', who }) || together.length;
    const batch = this.#queue.receive(together.slice(0, most).map(({ messageId }) => messageId));
    const about = aboutOf(batch);
    const { n, fault } = calls.announce({ who, port: 'queue', method: 'deliver', about, faults: ['twice', 'fails'] });
    if (fault !== undefined) note(this.#kernel, { who, did: 'queue.deliver', about, n, fault });
    if (fault === 'fails') return;
    this.#invoke(batch, about);
    if (fault === 'twice') this.#invoke(this.#receiveAgain(batch), about);
  }

  #invoke(batch: readonly Message[], about: string): Rival {
    const receipts = batch.map(receiptOf);
    return this.#function.invoke({
      event: { Records: batch.map((message) => this.#toRecord(message)) },
      key: `${this.#queue.name} ${receipts.join(' ')}`,
      about,
      keepAway: (ms) => {
        for (const receipt of receipts) this.#queue.keepAway(receipt, ms);
      },
      compete: () => this.#invoke(this.#receiveAgain(batch), about),
      ended: (ending) => this.#settle(batch, about, ending),
    });
  }

  /** Standard queues deliver at least once: what is received may be received by somebody else, too. */
  #receiveAgain(batch: readonly Message[]): readonly Message[] {
    return this.#queue.receive(batch.map(({ messageId }) => messageId));
  }

  #settle(batch: readonly Message[], about: string, ending: Ending<SQSBatchResponse>): void {
    const who = this.#queue.name;
    if (ending.kind === 'failed') note(this.#kernel, { who, did: 'fails', about, outcome: ending.error });
    if (ending.kind !== 'answered') return;
    const failed = failuresOf(ending.answer, batch);
    const handled = batch.filter(({ messageId }) => !failed.has(messageId));
    if (failed.size > 0) {
      const again = batch.filter(({ messageId }) => failed.has(messageId));
      note(this.#kernel, { who, did: 'comes again', about: aboutOf(again) });
    }
    if (handled.length === 0) return;
    const deleted = { who, port: 'queue', method: 'delete', about: aboutOf(handled), faults: ['lost'] } as const;
    const { n, fault } = this.#kernel.calls.announce(deleted);
    if (fault === 'lost') note(this.#kernel, { who, did: 'queue.delete', about: deleted.about, n, fault });
    else for (const message of handled) void this.#queue.acknowledge(receiptOf(message));
  }

  #toRecord(message: Message): SQSRecord {
    const { messageId, body, attributes, group, receives, sentMs, firstReceivedMs = sentMs, order } = message;
    const texts = Object.entries(attributes).map(([name, stringValue]) => [name, { stringValue, dataType: 'String' }]);
    return {
      messageId,
      receiptHandle: receiptOf(message),
      body,
      attributes: {
        ApproximateReceiveCount: String(receives),
        SentTimestamp: String(sentMs),
        SenderId: 'events.amazonaws.com',
        ApproximateFirstReceiveTimestamp: String(firstReceivedMs),
        ...(group !== undefined && { MessageGroupId: group, SequenceNumber: String(order) }),
      },
      messageAttributes: Object.fromEntries(texts),
      md5OfBody: '',
      eventSource: 'aws:sqs',
      eventSourceARN: `arn:aws:sqs:eu-central-1:123456789012:${this.#queue.name}${this.#queue.settings.isFifo ? '.fifo' : ''}`,
      awsRegion: 'eu-central-1',
    };
  }
}

/** Which messages come again. Lambda takes an answer with an identifier that it does not know for a failure of all. */
function failuresOf(answer: SQSBatchResponse, batch: readonly Message[]): ReadonlySet<string> {
  const failed = new Set(answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
  const all = new Set(batch.map(({ messageId }) => messageId));
  return [...failed].every((id) => all.has(id)) ? failed : all;
}

function aboutOf(batch: readonly Message[]): string {
  return batch.map(({ body }) => factOf(body)).join(' ');
}

/** The fact that a message tells of, if it is an event at all. */
export function factOf(body: string): string {
  return /"detail-type":"([^"]*)"/.exec(body)?.[1] ?? 'a message';
}
