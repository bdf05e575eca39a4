import type { Received } from '../../../functions/backbone/envelope.ts';
import type { FactsOf } from '../../../functions/backbone/fact.ts';
import { InMemoryReadModel } from '../../../functions/backbone/in-memory-read-model.ts';
import { notificationsConsumer } from '../../../functions/notifications/consumer.ts';
import { orderCustomersConsumer } from '../../../functions/notifications/customers-consumer.ts';
import type { Mail } from '../../../functions/notifications/mailer.ts';
import type { notifications } from '../../../functions/notifications/subscriptions.ts';
import { ManualClock } from '../../manual-clock.ts';
import { InMemoryRecords } from '../backbone/in-memory-records.ts';
import { invocation } from '../backbone/invocation.ts';
import { received } from '../backbone/received.ts';
import { ScriptedPublisher } from '../backbone/scripted-publisher.ts';
import { orderPlaced } from '../orders/mug-order.ts';

/** The notifications context with everything in memory. It reaches the customer `cus-7`. */
export class PostRoom {
  readonly sent: Mail[] = [];
  readonly unreachable: string[] = [];
  readonly publisher = new ScriptedPublisher();
  readonly contacts = new Map([['cus-7', { email: 'ann@example.com' }]]);
  /** Lets the next mail fail. */
  failNext = false;
  readonly #readModel = new InMemoryReadModel();
  readonly #records = new InMemoryRecords();
  readonly #clock = new ManualClock();

  /** Lets a cold instance handle a batch; answers for each event `done`, or the error's name. */
  async handle(...events: readonly Received<FactsOf<typeof notifications.facts>>[]): Promise<string[]> {
    const consumer = notificationsConsumer({
      publisher: this.publisher,
      records: this.#records,
      clock: this.#clock,
      contacts: { find: (customerId) => Promise.resolve(this.contacts.get(customerId)) },
      customers: { of: (orderId) => Promise.resolve(this.#customerOf(orderId)) },
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

  #customerOf(orderId: string): string | undefined {
    const customerId = this.#readModel.item(orderId)?.customerId;
    return typeof customerId === 'string' ? customerId : undefined;
  }

  #send(mail: Mail): Promise<void> {
    if (this.failNext) {
      this.failNext = false;
      return Promise.reject(new RangeError('the post is closed'));
    }
    this.sent.push(mail);
    return Promise.resolve();
  }
}
