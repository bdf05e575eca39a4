import type { Clock } from '../../functions/backbone/clock.ts';
import { chunks, type LetterQueue, MOST_IN_BATCH, type Received } from './letter-queue.ts';

/** Short, so that what a killed command held is soon there again; long enough to renew it in time. */
const LEAST_SECONDS = 20;

/** How many letters a second can be held on to: beyond that they are hidden for longer. */
const RENEWED_A_SECOND = 500;

/** How many calls go at a time. */
const AT_A_TIME = 8;

/** When a renewal that failed is tried again. */
const AFTER_FAILURE_MS = 1_000;

/** Less than this left is as good as lost: a call may take as long. */
const MARGIN_MS = 5_000;

/**
 * The letters of a queue that are ours: hidden from everybody else, so that two operators do not send one twice. Holds
 * are renewed until they are given back; those of a command that was killed end by themselves.
 */
export class Holdings {
  readonly #queue: LetterQueue;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #onHold: (untilMs: number) => void;
  /** Until when each receipt holds. */
  readonly #held = new Map<string, number>();
  #renewAtMs = Number.POSITIVE_INFINITY;
  #renewing: Promise<void> = Promise.resolve();
  #isRenewing = false;

  /** @param onHold told until when something is held at most */
  constructor(queue: LetterQueue, clock: Pick<Clock, 'now'>, onHold: (untilMs: number) => void = () => {}) {
    this.#queue = queue;
    this.#clock = clock;
    this.#onHold = onHold;
  }

  get count(): number {
    return this.#held.size;
  }

  /** Receives up to ten letters, which are held from now on. */
  async receive(): Promise<readonly Received[]> {
    const seconds = this.#seconds();
    const askedMs = this.#clock.now();
    const received = await this.#queue.receive(seconds);
    this.#note(
      received.map(({ receipt }) => receipt),
      askedMs + seconds * 1000,
    );
    return received;
  }

  isHeld(receipt: string): boolean {
    return (this.#held.get(receipt) ?? 0) > this.#clock.now() + MARGIN_MS;
  }

  /** Holds on to everything, where it is time to. To be called every few seconds; returns at once. */
  renew(): void {
    if (this.#isRenewing || this.#clock.now() < this.#renewAtMs) return;
    this.#isRenewing = true;
    this.#renewing = this.#renewAll()
      .catch(() => {
        // What cannot be renewed is lost in time, which `isHeld` tells; nobody waits here to be told of more.
        this.#renewAtMs = this.#clock.now() + AFTER_FAILURE_MS;
      })
      .finally(() => {
        this.#isRenewing = false;
      });
  }

  /** Takes letters off the queue. @returns the receipts for which that failed; they are held no longer */
  async remove(receipts: readonly string[]): Promise<readonly string[]> {
    for (const receipt of receipts) this.#held.delete(receipt);
    const failed = await inParts(receipts, (part) => this.#queue.remove(part));
    return failed.flat();
  }

  /** Shows letters to everybody again: these, or all that are held. */
  async giveBack(receipts: readonly string[] = [...this.#held.keys()]): Promise<void> {
    const held = receipts.filter((receipt) => this.#held.delete(receipt));
    // A renewal that is under way must not hide them again.
    await this.#renewing;
    await inParts(held, (part) => this.#queue.hold(part, 0));
  }

  async #renewAll(): Promise<void> {
    const receipts = [...this.#held.keys()];
    const seconds = this.#seconds();
    this.#renewAtMs = Number.POSITIVE_INFINITY;
    await inParts(receipts, async (part) => {
      const askedMs = this.#clock.now();
      const lost = new Set(await this.#queue.hold(part, seconds));
      for (const receipt of lost) this.#held.delete(receipt);
      const kept = part.filter((receipt) => this.#held.has(receipt));
      this.#note(kept, askedMs + seconds * 1000);
    });
  }

  #note(receipts: readonly string[], untilMs: number): void {
    if (receipts.length === 0) return;
    for (const receipt of receipts) this.#held.set(receipt, untilMs);
    this.#renewAtMs = Math.min(this.#renewAtMs, untilMs - (untilMs - this.#clock.now()) * (2 / 3));
    this.#onHold(untilMs);
  }

  #seconds(): number {
    return Math.max(LEAST_SECONDS, Math.ceil(this.#held.size / RENEWED_A_SECOND));
  }
}

async function inParts<T>(
  receipts: readonly string[],
  call: (part: readonly string[]) => Promise<T>,
): Promise<readonly T[]> {
  const answers: T[] = [];
  for (const parts of chunks(chunks(receipts, MOST_IN_BATCH), AT_A_TIME)) {
    answers.push(...(await Promise.all(parts.map(call))));
  }
  return answers;
}
