import { v5, v7 } from 'uuid';

/** The only source of new ids. */
export interface IdGenerator {
  next(): string;
}

/** UUIDv7: unique, and sorted by the time of their making. */
export const uuidV7: IdGenerator = { next: () => v7() };

const NAMESPACE = '6f1d2c1e-8a0b-5c8e-9d53-0d8d2f6b3a11';

/** The same id for the same parts, always: for facts that must come out alike when they are made again. */
export function uuidFrom(...parts: readonly string[]): string {
  // A separator that no id may hold keeps ('a', 'bc') and ('ab', 'c') apart.
  return v5(parts.join('\u0000'), NAMESPACE);
}

const LONGEST_ID = 64;

/**
 * The id of a thing that exists once for another: the payment of an order, its reservation, its shipment.
 * Readable where it fits into the 64 characters of an id, and a UUID behind the prefix where it does not.
 *
 * @example derivedId('pay', 'order-c1') // 'pay-order-c1'
 */
export function derivedId(prefix: string, id: string): string {
  const readable = `${prefix}-${id}`;
  return readable.length <= LONGEST_ID ? readable : `${prefix}-${uuidFrom(prefix, id)}`;
}
