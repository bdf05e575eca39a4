import { InMemoryReadModel } from '../../../functions/backbone/in-memory-read-model.ts';
import { InMemoryContacts } from '../../../functions/notifications/in-memory-contacts.ts';
import { InMemoryCustomers } from '../../../functions/notifications/in-memory-customers.ts';
import { InMemoryMailer } from '../../../functions/notifications/in-memory-mailer.ts';
import { contactsConformance } from '../../conformance/contacts.ts';
import { customersConformance } from '../../conformance/customers.ts';
import { mailerConformance } from '../../conformance/mailer.ts';

mailerConformance('the mailer in memory', () => {
  const mailer = new InMemoryMailer();
  return { mailer, arrived: (address) => Promise.resolve(mailer.sent.filter(({ to }) => to === address)) };
});

contactsConformance('the contact vault in memory', () => {
  const contacts = new InMemoryContacts();
  return { contacts, keep: (customerId, contact) => contacts.keep(customerId, contact) };
});

customersConformance('the customers in memory', () => {
  const model = new InMemoryReadModel();
  return { model, customers: new InMemoryCustomers(model) };
});
