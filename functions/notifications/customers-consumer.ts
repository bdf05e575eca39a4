import type { Consumer } from '../backbone/consumer.ts';
import { projector } from '../backbone/projector.ts';
import type { ReadModel } from '../backbone/read-model.ts';
import { orderCustomers } from './subscriptions.ts';

/** Remembers whose order it is, for the mails about facts that do not say. */
export function orderCustomersConsumer(readModel: ReadModel): Consumer<typeof orderCustomers.facts> {
  return projector(
    orderCustomers,
    { OrderPlaced: ({ data: { orderId, customerId } }) => ({ id: orderId, once: { customerId } }) },
    readModel,
  );
}
