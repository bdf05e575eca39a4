import type { InMemoryReadModel } from '../backbone/in-memory-read-model.ts';
import type { Customers } from './customers.ts';

/** Whose order it is, from the read model in memory that `orderCustomersConsumer` keeps. */
export class InMemoryCustomers implements Customers {
  readonly #readModel: InMemoryReadModel;

  constructor(readModel: InMemoryReadModel) {
    this.#readModel = readModel;
  }

  of(orderId: string): Promise<string | undefined> {
    const customerId = this.#readModel.item(orderId)?.customerId;
    return Promise.resolve(typeof customerId === 'string' ? customerId : undefined);
  }
}
