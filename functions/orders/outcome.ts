import { OrderCancelled, OrderShipped } from '../../schemas/generated/facts.ts';
import type { Publication } from '../backbone/publisher.ts';

/** How an order's saga ended: shipped, or the reason why it was cancelled. */
export type OrderOutcome = 'shipped' | OrderCancelled['reason'];

/** The outcome that a fact of the orders tells; of most, none. */
export function orderOutcome({ metadata: { type }, data }: Publication): OrderOutcome | undefined {
  if (type === OrderShipped.type) return 'shipped';
  return type === OrderCancelled.type && OrderCancelled.accepts(data) ? data.reason : undefined;
}
