import type { FactType, FactTypes } from './fact.ts';

/**
 * Which facts a consumer receives. Declared once and used twice: the CDK construct derives the rule's pattern from it,
 * and the consumer's handlers are typed by it, so that wiring and code cannot drift apart.
 */
export interface Subscription<Facts extends FactTypes = FactTypes> {
  /**
   * Part of every cause that the consumer commits: a new name would make every old cause unknown,
   * and every old event new. Frozen once deployed.
   */
  readonly name: string;
  readonly facts: Facts;
}

/**
 * Declares a subscription.
 *
 * @param name lower case letters, digits and hyphens; frozen once deployed
 * @param facts the facts by their names
 * @example
 * export const payments = subscription('payments', { OrderPlaced, InventoryReserved, OrderCancelled });
 */
export function subscription<Facts extends { readonly [Name in keyof Facts]: FactType<Name & string> }>(
  name: string,
  facts: Facts,
): Subscription<Facts> {
  return { name, facts };
}
