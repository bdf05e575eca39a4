/** A message as it is put into a queue: its original body, and what is said about it as text attributes. */
export interface DeadLetter {
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** The message group, where the queue is FIFO. */
  readonly group?: string;
}

/** A consumer's way back to its own queues: what the answer to a batch alone cannot say. */
export interface SourceQueue {
  /**
   * Lets a received message come again after `seconds` rather than after the queue's visibility timeout.
   *
   * @param seconds 0–43,200, counted from now
   */
  retryIn(receiptHandle: string, seconds: number): Promise<void>;

  /**
   * Sends a copy of a message to the consumer's own queue, with these attributes and a receive count of its own. The
   * caller acknowledges the original afterwards. Not for FIFO, where the copy would lose its place.
   *
   * @param seconds 0–900: how long the copy is held back, whatever the queue's own delay
   */
  sendAgain(message: DeadLetter, seconds: number): Promise<void>;

  /** Puts a message into the consumer's dead-letter queue. The caller acknowledges the original afterwards. */
  quarantine(letter: DeadLetter): Promise<void>;

  /** Takes a received message off the queue before its batch is answered. One that is gone is gone. */
  acknowledge(receiptHandle: string): Promise<void>;
}
