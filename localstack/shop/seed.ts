import { VerifyEmailIdentityCommand } from '@aws-sdk/client-ses';
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { stockOf } from '../../functions/inventory/stock.ts';
import { StockReceived } from '../../schemas/generated/facts.ts';
import type { Clients } from './clients.ts';
import type { Deployed } from './deploy.ts';
import { send } from './send.ts';
import { waitFor } from './wait.ts';

/** What the shop has and knows before the first order comes. */
export const SEED = {
  deliveries: [
    { deliveryId: 'seed-1', sku: 'tea-earl-grey', quantity: 1_000 },
    { deliveryId: 'seed-1', sku: 'mug-blue', quantity: 1_000 },
  ],
  contacts: [{ customerId: 'cust-ada', email: 'ada@example.com' }],
  mailFrom: 'shop@factbus.example',
} as const;

/**
 * Puts stock into the shop and a contact into its vault. May be called at any time: a delivery counts once.
 */
export async function seed({ events, documents, mail }: Clients, { busName, tables }: Deployed): Promise<void> {
  await mail.send(new VerifyEmailIdentityCommand({ EmailAddress: SEED.mailFrom }));
  for (const contact of SEED.contacts) {
    await documents.send(new PutCommand({ TableName: tables.contacts, Item: contact }));
  }
  const stock = async (sku: string) => {
    const Key = { pk: stockOf(sku), sk: 0 };
    return (await documents.send(new GetCommand({ TableName: tables.inventory, Key, ConsistentRead: true }))).Item;
  };
  for (const delivery of SEED.deliveries) {
    if ((await stock(delivery.sku)) === undefined) await send(events, busName, StockReceived, delivery);
  }
  for (const { sku } of SEED.deliveries) await waitFor(`the delivery of ${sku} to be booked`, () => stock(sku));
}
