import type { DeadLetter, SourceQueue } from '../../functions/backbone/source-queue.ts';
import { hashOf, uuidOf } from './hash.ts';

/** What a queue does by itself. */
export interface QueueSettings {
  /**
   * How long each message is held back before it can be received, in seconds: 0–900.
   *
   * @default 0
   */
  readonly delaySeconds?: number;
  /** How long a received message is nobody else's, in seconds. */
  readonly visibilitySeconds: number;
  /** How often a message is received before it goes to the dead-letter queue instead. */
  readonly maxReceives: number;
  /**
   * Whether messages come in order by group, and those of the same content within 5 minutes once.
   *
   * @default false
   */
  readonly isFifo?: boolean;
}

export interface Message extends DeadLetter {
  readonly messageId: string;
  readonly sentMs: number;
  /** How often it has been received. */
  readonly receives: number;
  /** When it can be received, or received again. */
  readonly visibleMs: number;
  readonly firstReceivedMs: number | undefined;
  /** Its place among all that ever happens. */
  readonly order: number;
}

/** A message in a dead-letter queue. */
export interface DeadMessage extends DeadLetter {
  /** Who put it there: the queue, after its last receive, or the consumer, with its reasons as attributes. */
  readonly by: 'queue' | 'consumer';
}

/** The time, and the next place among all that ever happens. */
export interface Now {
  readonly nowMs: number;
  nextOrder(): number;
}

type Mutable<T> = { -readonly [Field in keyof T]: T[Field] };

/** Limits of SQS: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html */
const LONGEST_VISIBILITY_SECONDS = 43_200;
const LONGEST_DELAY_SECONDS = 900;

/** A FIFO queue leaves out what it took with the same content so recently. */
const DEDUPLICATED_MS = 5 * 60_000;

/**
 * A queue of SQS with its dead-letter queue, apart from chance: which message is received first is for others to choose.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html
 */
export class SimulatedQueue implements SourceQueue {
  readonly name: string;
  readonly settings: Required<QueueSettings>;
  /** What is in the dead-letter queue, oldest first. */
  readonly deadLetters: DeadMessage[] = [];
  readonly #now: Now;
  readonly #messages: Mutable<Message>[] = [];
  readonly #timesSent = new Map<string, number>();
  readonly #lastSentMs = new Map<string, number>();

  constructor(name: string, now: Now, { delaySeconds = 0, isFifo = false, ...settings }: QueueSettings) {
    this.name = name;
    this.settings = { delaySeconds, isFifo, ...settings };
    this.#now = now;
  }

  /** All that are not yet taken off: waiting, held back, or received. */
  get messages(): readonly Message[] {
    return this.#messages;
  }

  /** Puts a message into the queue, held back as long as the queue does or for `seconds`. */
  send(letter: DeadLetter, seconds = this.settings.delaySeconds): void {
    const { nowMs } = this.#now;
    if (this.settings.isFifo) {
      const lastMs = this.#lastSentMs.get(letter.body);
      if (lastMs !== undefined && nowMs < lastMs + DEDUPLICATED_MS) return;
      this.#lastSentMs.set(letter.body, nowMs);
    }
    const times = this.#timesSent.get(letter.body) ?? 0;
    this.#timesSent.set(letter.body, times + 1);
    this.#messages.push({
      ...letter,
      messageId: uuidOf(`${this.name} ${hashOf(letter.body)} ${times}`),
      order: this.#now.nextOrder(),
      sentMs: nowMs,
      receives: 0,
      visibleMs: nowMs + seconds * 1000,
      firstReceivedMs: undefined,
    });
  }

  /** Whether anything could be received now. */
  get hasVisible(): boolean {
    const { nowMs } = this.#now;
    return this.#messages.some(({ visibleMs }) => visibleMs <= nowMs);
  }

  /**
   * Those that could be received first, oldest first: of a FIFO queue the first of each group, if it is not held back.
   * What has been received too often goes to the dead-letter queue.
   */
  firsts(): readonly Message[] {
    const { nowMs } = this.#now;
    for (const message of this.#messages.filter(
      (one) => one.visibleMs <= nowMs && one.receives >= this.settings.maxReceives,
    )) {
      this.#remove(message);
      this.deadLetters.push({ ...letterOf(message), by: 'queue' });
    }
    const groups = new Set<string | undefined>();
    return this.#messages.filter(({ group, visibleMs }) => {
      if (this.settings.isFifo && groups.has(group)) return false;
      groups.add(group);
      return visibleMs <= nowMs;
    });
  }

  /** A first one with those that could be received together with it, in their order. */
  together(first: Message): readonly Message[] {
    const { nowMs } = this.#now;
    const heldUp = new Set<string | undefined>();
    const others = this.#messages.filter((message) => {
      if (message === first || (this.settings.isFifo && heldUp.has(message.group))) return false;
      if (message.visibleMs > nowMs) heldUp.add(message.group);
      return message.visibleMs <= nowMs;
    });
    return [first, ...others];
  }

  /** Receives messages by their ids, as far as they are still there: they are nobody else's for the visibility timeout. */
  receive(ids: readonly string[]): readonly Message[] {
    const { nowMs } = this.#now;
    return ids.flatMap((id) => {
      const message = this.#messages.find(({ messageId }) => messageId === id);
      if (message === undefined) return [];
      message.receives += 1;
      message.firstReceivedMs ??= nowMs;
      message.visibleMs = nowMs + this.settings.visibilitySeconds * 1000;
      return [{ ...message }];
    });
  }

  /** Keeps a message away for so long, if the receipt still holds it. */
  keepAway(receiptHandle: string, ms: number): void {
    const message = this.#held(receiptHandle);
    if (message !== undefined) message.visibleMs = this.#now.nowMs + ms;
  }

  /** When the next message can be received that cannot yet. */
  nextMs(nowMs: number): number {
    let nextMs = Number.POSITIVE_INFINITY;
    for (const { visibleMs } of this.#messages) if (visibleMs > nowMs && visibleMs < nextMs) nextMs = visibleMs;
    return nextMs;
  }

  /** Takes all dead letters back into the queue, as an operator does. Answers how many there were. */
  redrive(): number {
    const letters = this.deadLetters.splice(0);
    for (const letter of letters) {
      this.#lastSentMs.delete(letter.body);
      this.send(letterOf(letter));
    }
    return letters.length;
  }

  retryIn(receiptHandle: string, seconds: number): Promise<void> {
    if (!isWithin(seconds, LONGEST_VISIBILITY_SECONDS))
      return Promise.reject(outOfRange(seconds, LONGEST_VISIBILITY_SECONDS));
    const message = this.#held(receiptHandle);
    if (message === undefined) return Promise.reject(new Error(`no message is held by the receipt ${receiptHandle}`));
    message.visibleMs = this.#now.nowMs + seconds * 1000;
    return Promise.resolve();
  }

  sendAgain(letter: DeadLetter, seconds: number): Promise<void> {
    if (this.settings.isFifo) return Promise.reject(new Error(`${this.name} is FIFO: a copy would lose its place`));
    if (!isWithin(seconds, LONGEST_DELAY_SECONDS)) return Promise.reject(outOfRange(seconds, LONGEST_DELAY_SECONDS));
    this.send(letter, seconds);
    return Promise.resolve();
  }

  quarantine(letter: DeadLetter): Promise<void> {
    this.deadLetters.push({ ...letter, by: 'consumer' });
    return Promise.resolve();
  }

  /** One that was received again since then stays: SQS promises nothing for an old receipt. */
  acknowledge(receiptHandle: string): Promise<void> {
    const message = this.#held(receiptHandle);
    if (message !== undefined) this.#remove(message);
    return Promise.resolve();
  }

  #held(receiptHandle: string): Mutable<Message> | undefined {
    return this.#messages.find((message) => receiptOf(message) === receiptHandle);
  }

  #remove(message: Mutable<Message>): void {
    this.#messages.splice(this.#messages.indexOf(message), 1);
  }
}

/** What holds a message as it was received this time. */
export function receiptOf({ messageId, receives }: Pick<Message, 'messageId' | 'receives'>): string {
  return `${messageId}#${receives}`;
}

function letterOf({ body, attributes, group }: DeadLetter): DeadLetter {
  return { body, attributes, ...(group !== undefined && { group }) };
}

function isWithin(seconds: number, most: number): boolean {
  return Number.isInteger(seconds) && seconds >= 0 && seconds <= most;
}

function outOfRange(seconds: number, most: number): RangeError {
  return new RangeError(`a message can be held back for 0–${most} whole seconds, not for ${seconds}`);
}
