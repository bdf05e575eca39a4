import type { Consumer } from '../backbone/consumer.ts';
import { projector } from '../backbone/projector.ts';
import type { ReadModel } from '../backbone/read-model.ts';
import { projections } from './projection.ts';
import { orderView } from './subscriptions.ts';

/**
 * Keeps an item an order, from whatever context its facts come.
 *
 * @param subscription that of a generation @default the first
 */
export function orderViewConsumer(
  readModel: ReadModel,
  subscription: typeof orderView = orderView,
): Consumer<typeof orderView.facts> {
  return projector(subscription, projections, readModel);
}
