import type { Message } from './letter.ts';

/** A message that is ours for a while. */
export interface Received extends Message {
  /** By which it is held or removed. */
  readonly receipt: string;
}

/** A dead-letter queue. Whatever is received is hidden from everybody else for a while, and comes back by itself. */
export interface LetterQueue {
  /**
   * Up to ten messages, hidden for `seconds`; none when there was nothing for about a second.
   *
   * @param seconds 0–43,200
   */
  receive(seconds: number): Promise<readonly Received[]>;

  /**
   * Hides messages for `seconds` from now on; 0 gives them back.
   *
   * @returns the receipts that hold nothing any more
   */
  hold(receipts: readonly string[], seconds: number): Promise<readonly string[]>;

  /**
   * Takes messages off the queue for good.
   *
   * @returns the receipts for which that failed
   */
  remove(receipts: readonly string[]): Promise<readonly string[]>;
}

/** A message to be put into a queue. */
export interface Outgoing {
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** Needed by a FIFO queue. */
  readonly group?: string;
  /** For a FIFO queue: what was sent under the same within 5 minutes is not taken again. */
  readonly deduplicationId?: string;
  /** 0–900: how long it is held back. Not for a FIFO queue. */
  readonly delaySeconds?: number;
}

/** What became of a message that was sent. */
export type SendAnswer =
  | { readonly kind: 'sent' }
  /** It is not in the queue. */
  | { readonly kind: 'refused'; readonly code: string; readonly message: string }
  /** No answer came: it may be in the queue or not. */
  | { readonly kind: 'unknown'; readonly code: string; readonly message: string };

/** The way into a queue. */
export interface Sender {
  /** Sends up to ten messages once; each answer is that of the message at its place. */
  send(messages: readonly Outgoing[]): Promise<readonly SendAnswer[]>;
}

/** The most that one call takes: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html */
export const MOST_IN_BATCH = 10;

/** Cuts into parts of at most `size`. */
export function chunks<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, n) => items.slice(n * size, (n + 1) * size));
}

/** What a message weighs: body, and names, types and values of its attributes. */
export function bytesOf({ body, attributes }: Outgoing): number {
  const texts = Object.entries(attributes).map(([name, value]) => `${name}String${value}`);
  return [body, ...texts].reduce((sum, text) => sum + Buffer.byteLength(text), 0);
}
