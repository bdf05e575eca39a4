import type { Clock } from './clock.ts';
import type { DeadLetter, SourceQueue } from './source-queue.ts';

/** A message as it is received. */
export interface QueuedMessage extends DeadLetter {
  readonly messageId: string;
  /** Of this receipt alone: it ends when the message is received again. */
  readonly receiptHandle: string;
  /** From 1. */
  readonly receiveCount: number;
  readonly sentMs: number;
  readonly firstReceivedMs: number;
}

export interface InMemoryQueueProps {
  readonly clock: Pick<Clock, 'now'>;
  /**
   * How long a received message is nobody else's.
   *
   * @default 30
   */
  readonly visibilitySeconds?: number;
  /**
   * How long a message that is sent is held back at first.
   *
   * @default 0
   */
  readonly delaySeconds?: number;
  /**
   * How often a message is received before it goes to the dead-letter queue instead.
   *
   * @default as often as it takes
   */
  readonly maxReceives?: number;
}

/** Limits of SQS: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html */
const LONGEST_VISIBILITY_SECONDS = 43_200;
const LONGEST_DELAY_SECONDS = 900;

/**
 * A consumer's queue with its dead-letter queue in memory: for tests of consumers without AWS. Messages with a group come
 * in their order, as from a FIFO queue: while one is held back, those behind it in its group are too.
 */
export class InMemorySourceQueue implements SourceQueue {
  /** What is in the dead-letter queue, in order. */
  readonly deadLetters: DeadLetter[] = [];
  readonly #clock: Pick<Clock, 'now'>;
  readonly #visibilityMs: number;
  readonly #delaySeconds: number;
  readonly #maxReceives: number;
  readonly #messages: Message[] = [];
  #sent = 0;

  constructor({
    clock,
    visibilitySeconds = 30,
    delaySeconds = 0,
    maxReceives = Number.POSITIVE_INFINITY,
  }: InMemoryQueueProps) {
    this.#clock = clock;
    this.#visibilityMs = visibilitySeconds * 1000;
    this.#delaySeconds = delaySeconds;
    this.#maxReceives = maxReceives;
  }

  /** Puts a message into the queue, held back as long as the queue does or for `seconds`. */
  send(letter: DeadLetter, seconds = this.#delaySeconds): void {
    this.#sent += 1;
    const nowMs = this.#clock.now();
    this.#messages.push({
      messageId: `message-${this.#sent}`,
      letter: structuredClone(letter),
      sentMs: nowMs,
      visibleMs: nowMs + seconds * 1000,
      receiveCount: 0,
    });
  }

  /** Receives what is there, oldest first, for the visibility timeout. */
  receive(most = 10): readonly QueuedMessage[] {
    const nowMs = this.#clock.now();
    const received: QueuedMessage[] = [];
    const heldGroups = new Set<string>();
    for (const message of [...this.#messages]) {
      const { group } = message.letter;
      if (received.length === most) break;
      if (group !== undefined && heldGroups.has(group)) continue;
      if (message.visibleMs > nowMs) {
        if (group !== undefined) heldGroups.add(group);
      } else if (message.receiveCount >= this.#maxReceives) {
        this.#remove(message);
        this.deadLetters.push(message.letter);
      } else {
        received.push(this.#receiveOne(message, nowMs));
      }
    }
    return received;
  }

  /** How many messages are in the queue, held back or not. */
  get length(): number {
    return this.#messages.length;
  }

  /** When the next message that is held back can be received; nothing when none is held back. */
  get nextVisibleMs(): number | undefined {
    const heldBack = this.#messages.map(({ visibleMs }) => visibleMs).filter((ms) => ms > this.#clock.now());
    return heldBack.length === 0 ? undefined : Math.min(...heldBack);
  }

  retryIn(receiptHandle: string, seconds: number): Promise<void> {
    const message = this.#held(receiptHandle);
    if (message === undefined) return Promise.reject(new Error(`no message is held by the receipt ${receiptHandle}`));
    if (!isWithin(seconds, LONGEST_VISIBILITY_SECONDS))
      return Promise.reject(outOfRange(seconds, LONGEST_VISIBILITY_SECONDS));
    message.visibleMs = this.#clock.now() + seconds * 1000;
    return Promise.resolve();
  }

  sendAgain(message: DeadLetter, seconds: number): Promise<void> {
    if (message.group !== undefined) {
      return Promise.reject(new Error(`a copy would lose its place in the message group ${message.group}`));
    }
    if (!isWithin(seconds, LONGEST_DELAY_SECONDS)) return Promise.reject(outOfRange(seconds, LONGEST_DELAY_SECONDS));
    this.send(message, seconds);
    return Promise.resolve();
  }

  quarantine(letter: DeadLetter): Promise<void> {
    this.deadLetters.push(structuredClone(letter));
    return Promise.resolve();
  }

  acknowledge(receiptHandle: string): Promise<void> {
    const message = this.#held(receiptHandle);
    if (message !== undefined) this.#remove(message);
    return Promise.resolve();
  }

  #receiveOne(message: Message, nowMs: number): QueuedMessage {
    message.receiveCount += 1;
    message.firstReceivedMs ??= nowMs;
    message.visibleMs = nowMs + this.#visibilityMs;
    message.receiptHandle = `${message.messageId}#${message.receiveCount}`;
    const { messageId, receiptHandle, receiveCount, sentMs, firstReceivedMs } = message;
    return { ...structuredClone(message.letter), messageId, receiptHandle, receiveCount, sentMs, firstReceivedMs };
  }

  #held(receiptHandle: string): Message | undefined {
    return this.#messages.find((message) => message.receiptHandle === receiptHandle);
  }

  #remove(message: Message): void {
    this.#messages.splice(this.#messages.indexOf(message), 1);
  }
}

interface Message {
  readonly messageId: string;
  readonly letter: DeadLetter;
  readonly sentMs: number;
  visibleMs: number;
  receiveCount: number;
  firstReceivedMs?: number;
  receiptHandle?: string;
}

function isWithin(seconds: number, most: number): boolean {
  return Number.isInteger(seconds) && seconds >= 0 && seconds <= most;
}

function outOfRange(seconds: number, most: number): RangeError {
  return new RangeError(`a message can be held back for 0–${most} whole seconds, not for ${seconds}`);
}
