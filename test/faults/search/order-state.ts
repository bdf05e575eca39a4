/** What is to become of a message. */
export type MessageStatus =
  /** It has to be handled. */
  | 'due'
  /** It need not come: it has not been sent yet, has been handled without a trace, or is in a dead-letter queue. */
  | 'optional'
  /** It may have come while nothing would have followed from it; it has to be handled in the end if it is still too early. */
  | 'doubtful';

/** An order, with everything under numbers. Lists are in any order, and hold what is there twice twice. */
export interface OrderState {
  /** The state of each of its streams, by their places. */
  readonly streams: readonly number[];
  /** What outside services have done. */
  readonly done: readonly number[];
  /** The published facts. */
  readonly facts: readonly number[];
  /** What outside services have forgotten. */
  readonly forgotten: readonly number[];
  /** What is on its way. What is not here has been handled, or was never sent. */
  readonly messages: ReadonlyMap<number, MessageStatus>;
  /** Who is under way. */
  readonly handlers: readonly number[];
}

const STATUSES: readonly MessageStatus[] = ['due', 'optional', 'doubtful'];

/** A state as a text in which each character is a number: equal for equal states. */
export function keyOf({ streams, done, facts, forgotten, messages, handlers }: OrderState): string {
  const numbers = [streams.length, ...streams];
  for (const list of [done, facts, forgotten, handlers])
    numbers.push(list.length, ...(list.length < 2 ? list : list.toSorted(ascending)));
  for (const message of [...messages.keys()].sort(ascending)) {
    numbers.push(message, STATUSES.indexOf(messages.get(message) ?? 'due'));
  }
  return String.fromCharCode(...numbers);
}

/** The state that has this key. */
export function stateOf(key: string): OrderState {
  let at = 0;
  const next = () => key.charCodeAt(at++);
  const list = () => Array.from({ length: next() }, next);
  const [streams, done, facts, forgotten, handlers] = [list(), list(), list(), list(), list()];
  const messages = new Map<number, MessageStatus>();
  while (at < key.length) messages.set(next(), STATUSES[next()] ?? 'due');
  return { streams, done, facts, forgotten, messages, handlers };
}

function ascending(a: number, b: number): number {
  return a - b;
}
