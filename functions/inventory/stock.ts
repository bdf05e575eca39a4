import { StockDepleted } from '../../schemas/generated/facts.ts';
import { CHANGES } from '../backbone/event-store.ts';
import { uuidFrom } from '../backbone/ids.ts';
import type { Publication } from '../backbone/publisher.ts';
import type { ItemChange } from '../backbone/relay-function.ts';

/**
 * Stock of a SKU is a counter item: available + reserved + shipped = received, always, because each change moves a
 * quantity from one field to another.
 */
export interface Line {
  readonly sku: string;
  readonly quantity: number;
}

const STOCK = 'stock#';

/** The counter of a SKU. */
export function stockOf(sku: string): string {
  return `${STOCK}${sku}`;
}

/** The SKU of a counter. */
export function skuOf(counter: string): string {
  return counter.slice(STOCK.length);
}

/** A delivery comes in. */
export function received({ sku, quantity }: Line) {
  return { counter: stockOf(sku), add: { available: quantity, received: quantity } };
}

/** Stock is held for an order, if there is enough. */
export function held({ sku, quantity }: Line) {
  return {
    counter: stockOf(sku),
    add: { available: -quantity, reserved: quantity },
    atLeast: { field: 'available', amount: quantity },
  };
}

/** Held stock becomes available again. */
export function released({ sku, quantity }: Line) {
  return { counter: stockOf(sku), add: { available: quantity, reserved: -quantity } };
}

/** Held stock has left the house. */
export function shipped({ sku, quantity }: Line) {
  return { counter: stockOf(sku), add: { reserved: -quantity, shipped: quantity } };
}

/** One line a SKU: a counter can be changed once in a transaction. */
export function sumBySku(lines: readonly Line[]): readonly Line[] {
  const sums = new Map<string, number>();
  for (const { sku, quantity } of lines) sums.set(sku, (sums.get(sku) ?? 0) + quantity);
  return [...sums].map(([sku, quantity]) => ({ sku, quantity }));
}

/**
 * The one fact that is in no commit: it follows from a counter's change. Its id comes from the SKU and the number of
 * the change, so that it is the same however often the change is relayed.
 */
export function stockDepleted({ key, before, after, atMs }: ItemChange): readonly Publication[] {
  if (!key.pk.startsWith(STOCK) || !(Number(before.available) > 0) || Number(after.available) !== 0) return [];
  const sku = skuOf(key.pk);
  const id = uuidFrom(StockDepleted.type, sku, String(after[CHANGES]));
  const { type, source, schemaVersion } = StockDepleted;
  const time = new Date(atMs).toISOString();
  const data: StockDepleted = { sku };
  return [{ metadata: { id, time, type, source, subject: key.pk, schemaVersion, correlationId: id, hops: 0 }, data }];
}
