import type { Message } from '../../../operations/dead-letters/letter.ts';
import { eventBridgeMessage } from '../backbone/eventbridge-message.ts';

/** A message in a dead-letter queue, about a shipped order; its event has the message's id. */
export function deadMessage(messageId: string, about: Partial<Message> = {}): Message {
  const data = { orderId: `order-${messageId}`, customerId: 'cus-7', shipmentId: 'ship-1', trackingCode: 'track-1' };
  const body = eventBridgeMessage({ metadata: { id: messageId, time: '2026-01-31T11:00:00.000Z' }, data });
  const attributes = { reason: 'transient_failure', attempts: '20', lastFailure: '2026-01-31T11:30:00.000Z' };
  return { messageId, body, attributes, sentMs: Date.parse('2026-01-31T11:00:00.000Z'), isMovedBySqs: false, ...about };
}
