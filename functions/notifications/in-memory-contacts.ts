import type { Contact, Contacts } from './contacts.ts';

/** The contact vault in memory: for tests of notifications without AWS. */
export class InMemoryContacts implements Contacts {
  readonly #contacts = new Map<string, Contact>();

  find(customerId: string): Promise<Contact | undefined> {
    return Promise.resolve(this.#contacts.get(customerId));
  }

  keep(customerId: string, { email }: Contact): void {
    this.#contacts.set(customerId, { email });
  }
}
