import type { Clock } from '../../../functions/backbone/clock.ts';
import type { Journal, Line, Step } from '../../../operations/dead-letters/journal.ts';
import { unfinishedOf } from '../../../operations/dead-letters/journal.ts';
import type { Message } from '../../../operations/dead-letters/letter.ts';
import type {
  LetterQueue,
  Outgoing,
  Received,
  SendAnswer,
  Sender,
} from '../../../operations/dead-letters/letter-queue.ts';

interface Kept {
  readonly message: Message;
  visibleMs: number;
  receipt: string | undefined;
}

/** A dead-letter queue in memory, which hides what is received as SQS does. */
export class InMemoryLetterQueue implements LetterQueue {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #kept: Kept[] = [];
  #receipts = 0;

  constructor(clock: Pick<Clock, 'now'>, messages: readonly Message[] = []) {
    this.#clock = clock;
    for (const message of messages) this.put(message);
  }

  put(message: Message): void {
    this.#kept.push({ message, visibleMs: 0, receipt: undefined });
  }

  /** The ids of what is in the queue, hidden or not. */
  get ids(): readonly string[] {
    return this.#kept.map(({ message }) => message.messageId);
  }

  /** The ids of what anybody may receive. */
  get visibleIds(): readonly string[] {
    return this.#kept.filter(({ visibleMs }) => visibleMs <= this.#clock.now()).map(({ message }) => message.messageId);
  }

  receive(seconds: number): Promise<readonly Received[]> {
    const nowMs = this.#clock.now();
    const given = this.#kept.filter(({ visibleMs }) => visibleMs <= nowMs).slice(0, 10);
    return Promise.resolve(
      given.map((kept) => {
        this.#receipts += 1;
        kept.receipt = `receipt-${this.#receipts}`;
        kept.visibleMs = nowMs + seconds * 1000;
        return { ...kept.message, receipt: kept.receipt };
      }),
    );
  }

  hold(receipts: readonly string[], seconds: number): Promise<readonly string[]> {
    const nowMs = this.#clock.now();
    const lost = receipts.filter((receipt) => {
      const kept = this.#kept.find((one) => one.receipt === receipt && one.visibleMs > nowMs);
      if (kept !== undefined) kept.visibleMs = nowMs + seconds * 1000;
      return kept === undefined;
    });
    return Promise.resolve(lost);
  }

  remove(receipts: readonly string[]): Promise<readonly string[]> {
    for (const receipt of receipts) {
      const at = this.#kept.findIndex((one) => one.receipt === receipt);
      if (at >= 0) this.#kept.splice(at, 1);
    }
    return Promise.resolve([]);
  }
}

/** A queue that keeps what is sent to it, and answers as it is told. */
export class RecordingSender implements Sender {
  readonly sent: Outgoing[] = [];
  /** What is answered for a message; one that is not `sent` is not taken, unless `takesUnknown`. */
  answer: (message: Outgoing) => SendAnswer = () => ({ kind: 'sent' });
  /** Whether a message of which nobody hears is taken all the same. */
  takesUnknown: (message: Outgoing) => boolean = () => false;

  send(messages: readonly Outgoing[]): Promise<readonly SendAnswer[]> {
    return Promise.resolve(
      messages.map((message) => {
        const answer = this.answer(message);
        if (answer.kind === 'sent' || (answer.kind === 'unknown' && this.takesUnknown(message)))
          this.sent.push(message);
        return answer;
      }),
    );
  }
}

/** A journal whose lines outlive the runs that write them. */
export class InMemoryJournal {
  readonly lines: Line[] = [];

  /** As the next run finds it. */
  open(): Journal {
    return {
      unfinished: unfinishedOf(this.lines),
      write: (step: Step, ids: readonly string[]) => {
        if (ids.length > 0) this.lines.push({ atMs: 0, step, ids });
        return Promise.resolve();
      },
    };
  }
}
