import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Contact, Contacts } from '../../functions/notifications/contacts.ts';

/** A contact vault together with whoever fills it. */
export interface FillableVault {
  readonly contacts: Contacts;
  readonly keep: (customerId: string, contact: Contact) => void | Promise<void>;
}

/**
 * What every contact vault must do. Customers are each test's own, so that many runs can share one vault.
 *
 * @param name of the implementation
 * @param create called once for each test
 */
export function contactsConformance(name: string, create: () => FillableVault): void {
  describe(`${name} knows how customers are reached`, () => vault(create));
}

function vault(create: () => FillableVault): void {
  test('a customer whom nobody told of has no contact', async () => {
    expect(await create().contacts.find(randomUUID())).toBeUndefined();
  });

  test('a contact is found as soon as it is kept', async () => {
    const { contacts, keep } = create();
    const customerId = randomUUID();

    await keep(customerId, { email: 'ann@example.com' });

    expect(await contacts.find(customerId)).toEqual({ email: 'ann@example.com' });
  });

  test('a new address takes the place of the old one at once', async () => {
    const { contacts, keep } = create();
    const customerId = randomUUID();
    await keep(customerId, { email: 'ann@example.com' });

    await keep(customerId, { email: 'ann@example.org' });

    expect(await contacts.find(customerId)).toEqual({ email: 'ann@example.org' });
  });

  test('customers are kept apart', async () => {
    const { contacts, keep } = create();
    const customerId = randomUUID();

    await keep(customerId, { email: 'ann@example.com' });

    expect(await contacts.find(`${customerId}0`)).toBeUndefined();
    expect(await contacts.find(customerId.toUpperCase())).toBeUndefined();
  });
}
