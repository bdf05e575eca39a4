import type { Letter } from './letter.ts';
import type { Outgoing } from './letter-queue.ts';

/**
 * A dead letter as its consumer gets it again: the same body, and nothing of what made it a dead letter, so that its
 * attempts are counted anew. Its edits are in the body.
 *
 * @param isFifo whether the consumer's queue is: what EventBridge could not deliver to it has no group yet
 */
export function redriven({ messageId, body, group, event }: Letter, isFifo: boolean): Outgoing {
  if (isFifo) {
    return { body, attributes: {}, group: group ?? event?.metadata.subject ?? messageId, deduplicationId: messageId };
  }
  // The queue may hold back what is new, as for a deadline; this was held back before.
  return { body, attributes: {}, delaySeconds: 0 };
}
