import type { Received } from '../../../functions/backbone/envelope.ts';
import type { FactsOf } from '../../../functions/backbone/fact.ts';
import { InMemoryIdempotencyRecords } from '../../../functions/backbone/in-memory-idempotency-records.ts';
import { InMemoryReadModel } from '../../../functions/backbone/in-memory-read-model.ts';
import { notificationsConsumer } from '../../../functions/notifications/consumer.ts';
import { orderCustomersConsumer } from '../../../functions/notifications/customers-consumer.ts';
import { InMemoryContacts } from '../../../functions/notifications/in-memory-contacts.ts';
import { InMemoryCustomers } from '../../../functions/notifications/in-memory-customers.ts';
import { InMemoryMailer } from '../../../functions/notifications/in-memory-mailer.ts';
import type { Mail } from '../../../functions/notifications/mailer.ts';
import type { notifications } from '../../../functions/notifications/subscriptions.ts';
import { ManualClock } from '../../manual-clock.ts';
import { invocation } from '../backbone/invocation.ts';
import { received } from '../backbone/received.ts';
import { ScriptedPublisher } from '../backbone/scripted-publisher.ts';
import { orderPlaced } from '../orders/mug-order.ts';

/** The notifications context with everything in memory. It can reach those whom it knows. */
export class PostRoom {
  readonly unreachable: string[] = [];
  readonly publisher = new ScriptedPublisher();
  /** Lets the next mail fail. */
  failNext = false;
  readonly #contacts = new InMemoryContacts();
  readonly #mailer = new InMemoryMailer();
  readonly #readModel = new InMemoryReadModel();
  readonly #clock = new ManualClock();
  readonly #records = new InMemoryIdempotencyRecords(this.#clock);

  constructor({ knowing = ['cus-7'] }: { readonly knowing?: readonly string[] } = {}) {
    for (const customerId of knowing) this.#contacts.keep(customerId, { email: 'ann@example.com' });
  }

  get sent(): readonly Mail[] {
    return this.#mailer.sent;
  }

  /** Lets a cold instance handle a batch; answers for each event `done`, or the error's name. */
  async handle(...events: readonly Received<FactsOf<typeof notifications.facts>>[]): Promise<string[]> {
    const consumer = notificationsConsumer({
      publisher: this.publisher,
      records: this.#records,
      clock: this.#clock,
      contacts: this.#contacts,
      customers: new InMemoryCustomers(this.#readModel),
      mailer: { send: (mail) => this.#send(mail) },
      unreachable: (fact, customerId) => this.unreachable.push(`${customerId} ${fact.metadata.type}`),
    });
    const settled = await Promise.allSettled(consumer.handle(events, invocation()));
    return settled.map((one) => (one.status === 'fulfilled' ? 'done' : one.reason.name));
  }

  /** Hears of an order, and thereby of its customer. */
  async hearOfOrder(): Promise<void> {
    await Promise.all(orderCustomersConsumer(this.#readModel).handle([received('placed', orderPlaced)], invocation()));
  }

  #send(mail: Mail): Promise<void> {
    if (this.failNext) {
      this.failNext = false;
      return Promise.reject(new RangeError('the post is closed'));
    }
    return this.#mailer.send(mail);
  }
}
