/**
 * The environment variables by which the constructs tell a function what it works with.
 * Named here once, so that the side that sets one and the side that reads it cannot differ.
 */
export type Variable =
  /** Table of the context's streams. */
  | 'EVENT_STORE_TABLE'
  /** Name of the bus that facts are published on. */
  | 'EVENT_BUS_NAME'
  /** The `source` of everything that the function publishes, such as `shop.orders`. */
  | 'EVENT_SOURCE'
  /** Where a relay puts the key of a commit that cannot be published. */
  | 'RELAY_DLQ_URL'
  /** The function's own time-out: how long an outside call that it began may still be under way. */
  | 'FUNCTION_TIMEOUT_SECONDS'
  /** Table of a projector's read model. */
  | 'READ_MODEL_TABLE'
  /** Table of an effect's idempotency records. */
  | 'IDEMPOTENCY_TABLE'
  /** `true` lets an effect act on replayed and on old events, which it skips otherwise. */
  | 'ACT_ON_OLD_EVENTS'
  /** The contact vault: customers' addresses, for notifications alone. */
  | 'CONTACTS_TABLE'
  /** The address that mail is sent from. */
  | 'MAIL_FROM'
  /** Memory of the stand-in for a payment provider. */
  | 'PROVIDER_TABLE'
  /** Memory of the stand-in for a carrier. */
  | 'CARRIER_TABLE';

/**
 * Reads a variable that the function cannot work without.
 *
 * @throws Error when it is not set, naming it
 */
export function variable(name: Variable): string {
  const value = process.env[name];
  if (value === undefined || value === '') {
    throw new Error(`the environment variable ${name} is not set: the function's construct has to set it`);
  }
  return value;
}
