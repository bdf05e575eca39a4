import { randomFrom } from './random.ts';

/** What can go wrong with a call through a port. */
export type PortFault =
  /** It does not take effect, and fails. */
  | 'error-before'
  /** It takes effect, and its answer is lost. */
  | 'error-after'
  /** The environment dies before the call takes effect. What it held comes again. */
  | 'dies-before'
  /** The environment dies after the call took effect. */
  | 'dies-after'
  /** It takes effect, and answers, only when half of the function's time has passed. */
  | 'slow'
  /** It takes so long that the function's time is over: it takes effect at the very end, and the environment is killed. */
  | 'times-out'
  /** The other side has too much to do, and says so. */
  | 'throttled'
  /** The answer is lost, and the client calls again by itself: it takes effect twice, and the second answer counts. */
  | 'retried'
  /** The same messages come to a second environment, which handles them first. */
  | 'competitor'
  /** Only every second entry is taken. */
  | 'partial'
  /** The environment dies after it took effect, and the message comes again only when the other side has forgotten it. */
  | 'expired'
  /** A read shows what was there some time ago. */
  | 'stale';

/** What can go wrong on the way of an event. */
export type TransportFault =
  /** It is delivered twice. */
  | 'twice'
  /** It is delivered much later. */
  | 'late'
  /** What was handled is not taken off the queue, and comes again. */
  | 'lost'
  /** The function fails before it does anything. */
  | 'fails';

export type Fault = PortFault | TransportFault;

/** A numbered moment of a run at which something may go wrong: a call through a port, or a step on an event's way. */
export interface Call {
  /** From 1, in the order in which they come up. The same run has the same numbers, up to its first fault at least. */
  readonly n: number;
  readonly atMs: number;
  /** The environment that calls, or what carries events. */
  readonly who: string;
  readonly port: string;
  readonly method: string;
  /** What it is about: a stream, an item, an event. */
  readonly about: string;
  /** What may go wrong with it. */
  readonly faults: readonly Fault[];
  /** What did go wrong with it. */
  readonly fault: Fault | undefined;
}

/** Decides what goes wrong: with a call nothing but what may. */
export interface Faults {
  readonly at: (call: Omit<Call, 'fault'>) => Fault | undefined;
}

export const NO_FAULTS: Faults = { at: () => undefined };

/** Faults by the numbers of their calls, such as `{ 17: 'dies-after' }`. */
export type FaultPlan = Readonly<Record<number, Fault>>;

/** A plan that was made for another run: the call of that number is another one here. */
export class PlanDoesNotFit extends Error {
  override readonly name = 'PlanDoesNotFit';

  constructor({ n, who, port, method, about, faults }: Omit<Call, 'fault'>, fault: Fault) {
    const possible = faults.join(', ') || 'nothing can go wrong';
    super(`call ${n} is ${port}.${method} of ${about} by ${who}, which knows no '${fault}': ${possible}`);
  }
}

/** Exactly these faults. A run in which a call cannot go wrong in that way ends with `PlanDoesNotFit`. */
export function planned(plan: FaultPlan): Faults {
  return { at: ({ n }) => plan[n] };
}

/**
 * One fault: at the nth call of a kind. It counts, so make one for each world.
 *
 * @param what the kind, as the timeline shows it: `store.append`, `queue.delete`
 * @param nth from 1 @default 1
 */
export function onCall(what: string, fault: Fault, nth = 1): Faults {
  let met = 0;
  return {
    at: ({ port, method }) => {
      if (`${port}.${method}` !== what) return undefined;
      met += 1;
      return met === nth ? fault : undefined;
    },
  };
}

/**
 * Faults by chance: which ones they were is told afterwards by the world's `plan`, with which the run can be repeated.
 *
 * @param probability of a fault for each call, 0–1
 * @param only these kinds @default all
 */
export function byChance(seed: string | number, probability: number, only?: readonly Fault[]): Faults {
  const random = randomFrom(`faults ${seed}`);
  return {
    at: ({ faults }) => {
      if (random.next() >= probability) return undefined;
      const possible = only === undefined ? faults : faults.filter((fault) => only.includes(fault));
      return possible[random.below(possible.length)];
    },
  };
}

/** How a service of AWS says that something went wrong: its SDK's errors look like this. */
export class InjectedFault extends Error {
  override readonly name: string;
  readonly $fault: 'client' | 'server';
  readonly $metadata: { readonly httpStatusCode: number; readonly attempts: number };
  readonly $retryable: { readonly throttling: boolean };

  constructor(name: string, message: string, httpStatusCode: number) {
    super(message);
    this.name = name;
    this.$fault = httpStatusCode < 500 ? 'client' : 'server';
    // All that the SDK itself tries has been tried.
    this.$metadata = { httpStatusCode, attempts: 3 };
    this.$retryable = { throttling: name !== 'InternalServerError' && name !== 'TimeoutError' };
  }
}

export function failed(what: string): InjectedFault {
  return new InjectedFault('InternalServerError', `${what} failed (simulated)`, 500);
}

export function answerLost(what: string): InjectedFault {
  return new InjectedFault('TimeoutError', `${what} did not answer in time (simulated)`, 504);
}

/** @param name how the service calls it */
export function throttled(what: string, name = 'ThrottlingException'): InjectedFault {
  return new InjectedFault(name, `${what} has too much to do (simulated)`, 400);
}
