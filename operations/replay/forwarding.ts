import { MOST_IN_BATCH, type Outgoing, type SendAnswer } from '../dead-letters/letter-queue.ts';
import type { Replayed, ReplayOptions, ReplayTarget } from './replay.ts';

/** An event on its way to the consumer. */
export interface Forwarded {
  readonly eventId: string;
  readonly type: string;
  readonly message: Outgoing;
}

/** How often an event is sent of which nobody knows whether it arrived: the consumer knows one that comes twice. */
const ATTEMPTS = 3;

/** Sends a replay's events to its consumer, and counts. */
export class Forwarding {
  readonly #target: ReplayTarget;
  readonly #options: ReplayOptions;
  readonly #chosen: Record<string, number> = {};
  readonly #refused: { eventId: string; code: string; message: string }[] = [];
  #lookedAt = 0;
  #sent = 0;

  constructor(target: ReplayTarget, options: ReplayOptions) {
    this.#target = target;
    this.#options = options;
  }

  /** How it stands. */
  get replayed(): Replayed {
    return { lookedAt: this.#lookedAt, chosen: { ...this.#chosen }, sent: this.#sent, refused: [...this.#refused] };
  }

  /**
   * Sends events at the rate, unless it is a dry run.
   *
   * @param lookedAt how many events these were chosen from
   * @returns how many of the events are dealt with: all, unless it was stopped
   */
  async send(events: readonly Forwarded[], lookedAt: number): Promise<number> {
    const { pace, dryRun = false, signal, onProgress } = this.#options;
    this.#lookedAt += lookedAt;
    let at = 0;
    while (at < events.length) {
      const most = Math.min(MOST_IN_BATCH, events.length - at);
      const count = dryRun ? events.length - at : await pace.next(most, { ...(signal && { signal }) });
      if (count === 0) break;
      const batch = events.slice(at, at + count);
      if (!dryRun) await this.#sendBatch(batch);
      for (const { type } of batch) this.#chosen[type] = (this.#chosen[type] ?? 0) + 1;
      at += count;
      onProgress?.(this.replayed);
    }
    onProgress?.(this.replayed);
    return at;
  }

  async #sendBatch(batch: readonly Forwarded[]): Promise<void> {
    let open = batch;
    for (let attempt = 1; open.length > 0; attempt += 1) {
      const answers = await this.#target.sender.send(open.map(({ message }) => message));
      const again: Forwarded[] = [];
      for (const [n, event] of open.entries()) {
        const answer: SendAnswer = answers[n] ?? {
          kind: 'unknown',
          code: 'NoAnswer',
          message: 'the queue did not answer',
        };
        if (answer.kind === 'sent') this.#sent += 1;
        else if (answer.kind === 'unknown' && attempt < ATTEMPTS) again.push(event);
        else this.#refused.push({ eventId: event.eventId, code: answer.code, message: answer.message });
      }
      open = again;
    }
  }
}
