import type { StockReceived } from '../../schemas/generated/facts.ts';
import { type Aggregate, commit, type PublishesNothing, SNAPSHOTS, skip } from '../backbone/aggregate.ts';
import type { Fact, FactOf } from '../backbone/fact.ts';
import { received } from './stock.ts';

/** Whether a delivery of a SKU has been booked. */
export type Delivery = 'expected' | 'booked';

type DeliveryFact = Fact<'DeliveryBooked', StockReceived>;

/** A delivery's stream: it makes a delivery count once, under whatever event ids it is told. */
export function deliveryIdOf({ deliveryId, sku }: StockReceived): string {
  return `${deliveryId}#${sku}`;
}

/** A delivery of a SKU into stock. */
export const delivery: Aggregate<Delivery, FactOf<typeof StockReceived>, PublishesNothing, DeliveryFact> = {
  name: 'delivery',
  initialState: 'expected',
  evolve: () => 'booked',
  decide(state, { data }) {
    // Booked is booked: no later event of this stream can ever matter.
    if (state === 'booked') return skip();
    // Its own fields alone: whatever else somebody outside has sent is not kept.
    const { sku, quantity, deliveryId } = data;
    return commit([{ type: 'DeliveryBooked', data: { sku, quantity, deliveryId } }], [received(data)]);
  },
  publishes: {},
  snapshots: SNAPSHOTS,
};
