/**
 * The environment variables by which the backbone's constructs tell a function what it works with.
 * Named here once, so that the side that sets one and the side that reads it cannot differ.
 */
export type Variable =
  /** Name of the subscription whose queue feeds the function. */
  | 'SUBSCRIPTION'
  /** That queue, and its dead-letter queue. */
  | 'QUEUE_URL'
  | 'DEAD_LETTER_QUEUE_URL'
  /** How failed events come again; see `RetryPolicy`. */
  | 'RETRY_BASE_SECONDS'
  | 'RETRY_CAP_SECONDS'
  | 'RETRY_ATTEMPTS'
  /** Table of the context's streams. */
  | 'EVENT_STORE_TABLE'
  /** Name of the bus that facts are published on. */
  | 'EVENT_BUS_NAME'
  /** The `source` of everything that a relay publishes, such as `shop.orders`. */
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
  | 'ACT_ON_OLD_EVENTS';

/**
 * Reads a variable that the function cannot work without.
 *
 * @param name one of the backbone's, or one of the context's own as `variable<'CONTACTS_TABLE'>('CONTACTS_TABLE')`
 * @throws Error when it is not set, naming it
 */
export function variable<Name extends string = Variable>(name: NoInfer<Name>): string {
  const value = process.env[name];
  if (value === undefined || value === '') {
    throw new Error(`the environment variable ${name} is not set: the function's construct has to set it`);
  }
  return value;
}

/**
 * Reads a variable that holds a number.
 *
 * @throws Error when it is not set, or not a positive number
 */
export function positiveNumber(name: Variable): number {
  const value = Number(variable(name));
  if (Number.isFinite(value) && value > 0) return value;
  throw new Error(
    `the environment variable ${name} is '${variable(name)}': the function's construct has to give a number`,
  );
}
