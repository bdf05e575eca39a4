import type { Clock } from '../../../functions/backbone/clock.ts';
import type { Consumer } from '../../../functions/backbone/consumer.ts';
import { consumerFunction } from '../../../functions/backbone/consumer-function.ts';
import type { FactTypes } from '../../../functions/backbone/fact.ts';
import { InMemorySourceQueue, type QueuedMessage } from '../../../functions/backbone/in-memory-source-queue.ts';
import type { RetryPolicy } from '../../../functions/backbone/recoverability.ts';
import type { SourceQueue } from '../../../functions/backbone/source-queue.ts';
import type { ManualClock } from '../../manual-clock.ts';
import { invocation } from './invocation.ts';
import { sqsRecord } from './sqs-event.ts';

export const VISIBILITY_SECONDS = 60;

export interface ConsumedQueueProps<C extends Clock> {
  readonly clock: C;
  /** @default 5 attempts, with waits of up to 1 second at first and up to 5 minutes in the end */
  readonly retry?: RetryPolicy;
  /** @default - 10 more than the attempts */
  readonly maxReceives?: number;
  /** @default 0 */
  readonly delaySeconds?: number;
  /**
   * What the function itself works with.
   *
   * @default - the queue as it is
   */
  readonly port?: (queue: InMemorySourceQueue) => SourceQueue;
}

const RETRY: RetryPolicy = { baseSeconds: 1, capSeconds: 300, attempts: 5 };

/** A queue in memory with a consumer's real function behind it, fed as Lambda does. Time passes when somebody says so. */
export class ConsumedQueue<Facts extends FactTypes, C extends Clock & { advance(ms: number): void } = ManualClock> {
  readonly clock: C;
  readonly queue: InMemorySourceQueue;
  readonly retry: RetryPolicy;
  readonly #consumer: Consumer<Facts>;
  readonly #port: SourceQueue;
  #handler;

  constructor(
    consumer: Consumer<Facts>,
    { clock, retry = RETRY, maxReceives = retry.attempts + 10, delaySeconds = 0, port }: ConsumedQueueProps<C>,
  ) {
    const visibilitySeconds = VISIBILITY_SECONDS;
    this.clock = clock;
    this.queue = new InMemorySourceQueue({ clock, visibilitySeconds, maxReceives, delaySeconds });
    this.retry = retry;
    this.#consumer = consumer;
    this.#port = port?.(this.queue) ?? this.queue;
    this.#handler = this.#coldFunction();
  }

  /** Puts a message into the queue; with a group, into one that keeps the order. */
  send(body: string, group?: string): void {
    this.queue.send({ body, attributes: {}, ...(group !== undefined && { group }) });
  }

  /** Delivers one batch of what can be received now; answers the bodies that stay, or nothing where nothing was there. */
  async deliver(most = 10): Promise<readonly string[] | undefined> {
    const batch = this.queue.receive(most);
    if (batch.length === 0) return undefined;
    const { batchItemFailures } = await this.#handler({ Records: batch.map(toRecord) }, invocation());
    const staying = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    for (const { messageId, receiptHandle } of batch) {
      if (!staying.has(messageId)) await this.queue.acknowledge(receiptHandle);
    }
    return batch.filter(({ messageId }) => staying.has(messageId)).map(({ body }) => body);
  }

  /** Delivers batch after batch, and lets time pass where nothing can be received, until the queue is empty. */
  async drain(most = 10): Promise<void> {
    for (let deliveries = 0; this.queue.length > 0; deliveries += 1) {
      if (deliveries > 10_000) throw new Error(`${this.queue.length} messages go on circling`);
      await this.deliver(most);
      const nextMs = this.queue.nextVisibleMs;
      if (nextMs !== undefined) this.clock.advance(nextMs - this.clock.now());
    }
  }

  /** Delivers one batch to a function that gets stuck with it, until Lambda ends it: nothing is answered. */
  async deliverAndDie(most = 10): Promise<void> {
    const batch = this.queue.receive(most);
    const stuck = this.#handler({ Records: batch.map(toRecord) }, invocation()).then(() => {
      throw new Error('the function was not stuck, but answered');
    });
    await Promise.race([stuck, new Promise((resolve) => setImmediate(resolve))]);
    this.#handler = this.#coldFunction();
    this.clock.advance(VISIBILITY_SECONDS * 1000);
  }

  #coldFunction() {
    return consumerFunction(this.#consumer, { clock: this.clock, queue: this.#port, retry: this.retry });
  }
}

function toRecord({
  messageId,
  receiptHandle,
  body,
  group,
  receiveCount,
  sentMs,
  firstReceivedMs,
  attributes,
}: QueuedMessage) {
  return sqsRecord({ messageId, receiptHandle, body, group, receiveCount, sentMs, firstReceivedMs, attributes });
}
