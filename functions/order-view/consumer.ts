import type { Consumer } from '../backbone/consumer.ts';
import { projector } from '../backbone/projector.ts';
import type { ReadModel } from '../backbone/read-model.ts';
import { projections } from './projection.ts';
import { orderView } from './subscriptions.ts';

/** Keeps an item an order, from whatever context its facts come. */
export function orderViewConsumer(readModel: ReadModel): Consumer<typeof orderView.facts> {
  return projector(orderView, projections, readModel);
}
