import type { Clock } from './clock.ts';
import { deadLetterAttributes } from './dead-letter.ts';
import { carriedAttributes, type Delivery, type Identity, type PastInMemory } from './delivery.ts';
import { classify, type Failure } from './failure.ts';
import { count, countDeadLetter, deliveryKeysOf, logger } from './observability.ts';
import { type Past, type Recovery, type RetryPolicy, recover } from './recoverability.ts';
import type { SourceQueue } from './source-queue.ts';

export interface RecovererPorts {
  readonly clock: Clock;
  readonly queue: SourceQueue;
  readonly retry: RetryPolicy;
}

/** It is in its queue, unseen for `seconds`: for the visibility timeout where nothing else could be asked for. */
export interface Stays {
  readonly kind: 'stays';
  readonly seconds?: number;
}

/** What became of a message. */
export type Outcome = { readonly kind: 'settled' } | Stays;

/** How many messages of FIFO queues are remembered. */
const MOST_REMEMBERED = 1_000;

/** Does with a consumer's failed messages what `recover` decides. */
export class Recoverer {
  /** What came of the messages of a FIFO queue before. */
  readonly memory: PastInMemory = new Map();
  readonly #consumer: string;
  readonly #ports: RecovererPorts;

  constructor(consumer: string, ports: RecovererPorts) {
    this.#consumer = consumer;
    this.#ports = ports;
  }

  /**
   * Sees to a message whose handling failed.
   *
   * When that fails as well, the message stays in its queue: it comes again after the visibility timeout, in the worst case
   * until SQS itself moves it to the dead-letter queue. It is never lost.
   *
   * @param event which event it holds, as far as that is known
   */
  async failed(delivery: Delivery, event: Identity, error: unknown): Promise<Outcome> {
    const { clock, retry } = this.#ports;
    try {
      const failure = classify(error);
      const at = { nowMs: clock.now(), chance: clock.random() };
      const recovery = recover(failure, { ...delivery, isOrdered: delivery.group !== undefined }, retry, at);
      this.#tell(delivery, event, error, failure, recovery);
      return await this.#carryOut(recovery, delivery, event, error);
    } catch (problem) {
      const line = { ...deliveryKeysOf(this.#consumer, delivery, event), error: problem };
      logger.error('stays in its queue: nothing could be done about its failure', line);
      return { kind: 'stays' };
    }
  }

  /** Takes note that a message was handled. */
  handled({ messageId }: Delivery): Outcome {
    this.memory.delete(messageId);
    return { kind: 'settled' };
  }

  /** Takes a settled message off its queue before the batch is answered, which will do it as well. */
  async acknowledge(delivery: Delivery): Promise<void> {
    try {
      await this.#ports.queue.acknowledge(delivery.receiptHandle);
    } catch (error) {
      logger.warn('could not be acknowledged ahead of its batch', { messageId: delivery.messageId, error });
    }
  }

  /** Lets a message that was not looked at come again with the one of its group that it stands behind. */
  async comeAgainWith({ seconds }: Stays, delivery: Delivery): Promise<void> {
    try {
      if (seconds !== undefined) await this.#ports.queue.retryIn(delivery.receiptHandle, seconds);
    } catch (error) {
      logger.warn('holds up its group until its visibility timeout', { messageId: delivery.messageId, error });
    }
  }

  async #carryOut(recovery: Recovery, delivery: Delivery, event: Identity, error: unknown): Promise<Outcome> {
    const { queue, clock } = this.#ports;
    const { body, group, past } = delivery;
    switch (recovery.kind) {
      case 'retry':
        if (group !== undefined) this.#remember(delivery.messageId, recovery.past);
        await queue.retryIn(delivery.receiptHandle, recovery.seconds);
        return { kind: 'stays', seconds: recovery.seconds };
      case 'sendAgain':
        await queue.sendAgain({ body, attributes: carriedAttributes(recovery.past) }, recovery.seconds);
        return { kind: 'settled' };
      case 'quarantine': {
        const end = {
          reason: recovery.reason,
          event,
          error,
          consumer: this.#consumer,
          attempts: past.attempts + 1,
          firstFailureMs: past.sinceMs ?? clock.now(),
          lastFailureMs: clock.now(),
        };
        const attributes = deadLetterAttributes(end, body);
        await queue.quarantine({ body, attributes, ...(group !== undefined && { group }) });
        this.memory.delete(delivery.messageId);
        countDeadLetter(recovery.reason);
        return { kind: 'settled' };
      }
    }
  }

  #remember(messageId: string, past: Past): void {
    this.memory.delete(messageId);
    this.memory.set(messageId, past);
    const [oldest] = this.memory.keys();
    if (this.memory.size > MOST_REMEMBERED && oldest !== undefined) this.memory.delete(oldest);
  }

  #tell(delivery: Delivery, event: Identity, error: unknown, failure: Failure, recovery: Recovery): void {
    const line = { ...deliveryKeysOf(this.#consumer, delivery, event), error };
    if (recovery.kind === 'quarantine') {
      logger.error('goes to the dead-letter queue', { ...line, reason: recovery.reason });
      return;
    }
    const isPutOff = failure.kind === 'throttled' || failure.kind === 'waiting';
    count(isPutOff ? 'EventsPutOff' : 'EventsRetried');
    const about = { ...line, reason: failure.kind, inSeconds: recovery.seconds };
    if (failure.kind === 'unexpected') logger.error('failed, and comes again', about);
    else logger.warn(isPutOff ? 'put off' : 'failed, and comes again', about);
  }
}
