import type { PortFault } from './faults.ts';

/** The asynchronous methods of a port. */
export type MethodsOf<Port> = {
  [Name in keyof Port]: Port[Name] extends (...args: never) => Promise<unknown> ? Name : never;
}[keyof Port] &
  string;

type ArgsOf<Method> = Method extends (...args: infer Args) => Promise<unknown> ? Args : never;
type ResultOf<Method> = Method extends (...args: never) => Promise<infer Result> ? Result : never;

/** How one method of a port behaves in a world. */
export interface MethodSpec<Args extends readonly unknown[], Result> {
  /** What it is about, for people, and to tell calls on different things apart: the stream, the item, the key. */
  readonly about: (...args: Args) => string;
  /** What may go wrong with it: see `READ`, `WRITE` and `CONDITIONAL_WRITE`. */
  readonly faults: readonly PortFault[] | ((...args: Args) => readonly PortFault[]);
  /** Where a fault shows in the answer rather than in an error. A stale read has no other way. */
  readonly answers?: {
    readonly [Mode in 'throttled' | 'partial' | 'stale']?: (
      perform: (...args: Args) => Promise<Result>,
      ...args: Args
    ) => Promise<Result>;
  };
  /**
   * The name of the error with which it is throttled.
   *
   * @default ThrottlingException
   */
  readonly throttledAs?: string;
  /** For `expired`: how long the other side remembers what it did. */
  readonly forgottenAfterMs?: number;
}

/** How the methods of a port behave in a world: all of them, or it does not compile. */
export type PortSpec<Port> = {
  readonly [Name in MethodsOf<Port>]: MethodSpec<ArgsOf<Port[Name]>, ResultOf<Port[Name]>>;
};

/** A call that changes nothing. */
export const READ = ['error-before', 'dies-before', 'throttled'] as const satisfies readonly PortFault[];

/** A call that changes something. */
export const WRITE = [
  'error-before',
  'error-after',
  'dies-before',
  'dies-after',
  'slow',
  'times-out',
  'throttled',
  'retried',
] as const satisfies readonly PortFault[];

/** A call that changes something only if nobody else was there before. */
export const CONDITIONAL_WRITE = [...WRITE, 'competitor'] as const satisfies readonly PortFault[];
