/** What an order is put through. */
export interface Circumstances {
  /** What its cart costs, in the currency's minor unit; nothing is charged for 0. */
  readonly total: number;
  /** Whether its customer may ask to cancel it, at any time. */
  readonly cancellation: boolean;
  /** Whether its customer may check the cart out again, at any time: a second click, with an event id of its own. */
  readonly secondClick: boolean;
  /** How many handlers of one message there may be at a time. Each may die at any step, and then the message comes again. */
  readonly handlersPerMessage: number;
  /** How many handlers there may be at a time, of all messages. */
  readonly handlersAtOnce: number;
  /** Whether a message may end in its dead-letter queue, because its charge or its dispatch is never answered. */
  readonly deadLetters: boolean;
  /** How many keys the outside may forget, each a day after it was first used. */
  readonly forgottenKeys: number;
  /** Where others may come between the steps of a handler: at its calls, or besides between its load and its write. */
  readonly grain: 'calls' | 'loads and calls';
  /** Whether who asks about a call waits until no attempt of it can be under way. */
  readonly fence: 'kept' | 'ignored';
}

/** Everything that may happen to one order. */
export const ONE_ORDER: Circumstances = {
  total: 2500,
  cancellation: true,
  secondClick: true,
  handlersPerMessage: 2,
  handlersAtOnce: Number.POSITIVE_INFINITY,
  deadLetters: true,
  forgottenKeys: 2,
  grain: 'calls',
  fence: 'kept',
};

/** Less happens to each of two orders, whose states multiply. */
export const TWO_ORDERS: Circumstances = {
  ...ONE_ORDER,
  secondClick: false,
  handlersPerMessage: 1,
  deadLetters: false,
  forgottenKeys: 0,
};
