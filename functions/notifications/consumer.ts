import { NotificationSent } from '../../schemas/generated/facts.ts';
import type { Consumer } from '../backbone/consumer.ts';
import { type Acts, type EffectPorts, effect } from '../backbone/effect.ts';
import type { Received } from '../backbone/envelope.ts';
import type { FactsOf } from '../backbone/fact.ts';
import { Transient } from '../backbone/failure.ts';
import { uuidFrom } from '../backbone/ids.ts';
import type { Contacts } from './contacts.ts';
import type { Customers } from './customers.ts';
import type { Mailer } from './mailer.ts';
import { notifications } from './subscriptions.ts';
import { letterFor } from './templates.ts';

export interface NotificationPorts extends Omit<EffectPorts<NotificationSent>, 'publishes'> {
  readonly contacts: Contacts;
  readonly customers: Customers;
  readonly mailer: Mailer;
  /** Told of a customer whom no mail can reach. */
  readonly unreachable: (fact: Received, customerId: string) => void;
}

/** Nobody knows yet whose order it is: when the event comes again, it will be known. */
export class UnknownCustomer extends Transient {
  override readonly name = 'UnknownCustomer';
}

type Notifying = FactsOf<typeof notifications.facts>;

/** Mails customers about what became of their orders, once for each thing that became. */
export function notificationsConsumer(ports: NotificationPorts): Consumer<typeof notifications.facts> {
  const { contacts, customers, mailer, unreachable } = ports;

  const customerOf = async (fact: Notifying): Promise<string> => {
    if ('customerId' in fact.data) return fact.data.customerId;
    const { orderId } = fact.data;
    const customerId = await customers.of(orderId);
    if (customerId === undefined)
      throw new UnknownCustomer(`${fact.type}: the customer of ${orderId} is not known yet`);
    return customerId;
  };

  const notify = async (fact: Received<Notifying>): Promise<NotificationSent | undefined> => {
    const { template, subject, text } = letterFor(fact);
    const customerId = await customerOf(fact);
    const contact = await contacts.find(customerId);
    if (contact === undefined) {
      unreachable(fact, customerId);
      return undefined;
    }
    await mailer.send({ to: contact.email, subject, text });
    const { orderId } = fact.data;
    return { orderId, customerId, channel: 'email', template, notificationId: uuidFrom(fact.type, orderId) };
  };

  // An order is confirmed, shipped, cancelled or refused its payment once, whatever the id of the event that tells it.
  const acts: Acts<typeof notifications.facts, NotificationSent> = {
    OrderConfirmed: { once: ({ orderId }) => `OrderConfirmed#${orderId}`, act: notify },
    OrderShipped: { once: ({ orderId }) => `OrderShipped#${orderId}`, act: notify },
    OrderCancelled: { once: ({ orderId }) => `OrderCancelled#${orderId}`, act: notify },
    PaymentFailed: { once: ({ orderId }) => `PaymentFailed#${orderId}`, act: notify },
  };
  return effect(notifications, acts, { ...ports, publishes: NotificationSent });
}
