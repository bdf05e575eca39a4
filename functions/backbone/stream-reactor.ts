import {
  type Aggregate,
  type AnyAggregate,
  type Attempts,
  ask,
  commit,
  type Decision,
  factsOf,
  type OutsideCall,
} from './aggregate.ts';
import { type Clock, fullJitter } from './clock.ts';
import type { Received } from './envelope.ts';
import type { Appended, Cause, CounterChange, EventStore } from './event-store.ts';
import type { Fact, FactTypes } from './fact.ts';
import { Transient } from './failure.ts';
import type { IdGenerator } from './ids.ts';
import { ATTEMPT_MARGIN_MS, AttemptUnderWay, KEY_MARGIN_MS, type Outside } from './outside.ts';
import {
  assertPublishable,
  causeOf,
  type Decided,
  emptyStream,
  foldCommits,
  isAmong,
  knows,
  mayBeForgotten,
  nextCommit,
  type Stream,
} from './stream.ts';

/** What a reactor works with. */
export interface ReactorPorts {
  readonly store: EventStore;
  readonly clock: Clock;
  readonly ids: IdGenerator;
  /** The longest time-out of all functions that write these streams: for as long an attempt of another may be under way. */
  readonly functionTimeoutMs: number;
  /** Told what happens beside the commits, for metrics. */
  readonly observe?: (what: 'duplicate' | 'conflict') => void;
}

/** Streams of one kind that react to events. */
export interface Streams<Input extends Fact> {
  /**
   * Lets the stream `id` react to events, in their order; each promise is that of the event at its place.
   *
   * @param opens the first event usually opens its stream: assume that it does, and let the write tell
   */
  readonly react: (
    id: string,
    subscription: string,
    events: readonly Received<Input>[],
    opens: boolean,
  ) => readonly Promise<void>[];
}

/** Losing a race is normal, losing this many in a row is not. */
const MOST_CONFLICTS = 10;
const AFTER_CONFLICT = { baseMs: 10, capMs: 200 };

/** More calls than this from one event are a decider that never ends. */
const MOST_STEPS = 40;

/** How many streams a warm function remembers. */
const MOST_REMEMBERED = 500;

/** More writers than one stream can take: try again later. */
export class UnsettledConflict extends Transient {
  override readonly name = 'UnsettledConflict';

  constructor(stream: string) {
    super(`${stream}: lost the race for the next version ${MOST_CONFLICTS} times in a row`);
  }
}

/** What an event waits for has not happened yet: it comes again later. */
export class NotYet extends Transient {
  override readonly name = 'NotYet';

  constructor(stream: string, event: Fact, why: string) {
    super(`${stream}: ${event.type} comes too early: ${why}`);
  }
}

/** A counter was too low for a change that demanded nothing of it: the decider and the counters do not fit. */
export class UnexpectedShortage extends Error {
  override readonly name = 'UnexpectedShortage';

  constructor(stream: string, { shortages }: Extract<Appended, { kind: 'short' }>) {
    super(`${stream}: nothing was decided for the case of ${JSON.stringify(shortages)}`);
  }
}

/** What is taken to be true of a stream. */
interface Knowledge<State> {
  readonly stream: Stream<State>;
  /**
   * A guess, of a state remembered from before, or that the stream does not exist: it may only lead to a conditional
   * write. What is no guess was read, or written by ourselves.
   */
  readonly isAssumed: boolean;
}

interface Task<Input extends Fact> {
  readonly event: Received<Input>;
  readonly cause: Cause;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

type Plan<Input extends Fact, F extends Fact> =
  /** The guess does not carry this far. */
  | { readonly kind: 'load' }
  | {
      readonly kind: 'append';
      readonly decided: readonly [Decided<F>, ...Decided<F>[]];
      readonly causes: readonly Cause[];
      readonly settled: readonly Task<Input>[];
      readonly rest: readonly Task<Input>[];
    }
  /** The first task wants a call or counters: never together with others. */
  | { readonly kind: 'alone'; readonly task: Task<Input>; readonly rest: readonly Task<Input>[] }
  | { readonly kind: 'done' };

/**
 * Streams that take a fact for something else: its delayed copy says that a deadline has passed.
 *
 * @example taken(stream, ({ data }: OrderPlacedFact) => ({ type: 'DeadlinePassed', data: { orderId: data.orderId } }))
 */
export function taken<Handled extends Fact, Input extends Fact>(
  streams: Streams<Input>,
  as: (fact: Handled) => Input,
): Streams<Handled> {
  return {
    react: (id, subscription, events, opens) => {
      const inputs = events.map((event) => ({ ...event, ...as(event) }));
      return streams.react(id, subscription, inputs, opens);
    },
  };
}

/**
 * Loads, folds, decides, appends: the loop around an aggregate's pure functions.
 *
 * @param aggregate the rules
 * @param outside whom the aggregate's calls go to; `NO_OUTSIDE` where it makes none
 */
export function streams<
  State,
  Input extends Fact,
  Publishes extends FactTypes,
  Own extends Fact,
  Call extends OutsideCall,
  Outcome extends Fact,
>(
  aggregate: Aggregate<State, Input | Outcome, Publishes, Own, Call>,
  outside: Outside<Call, Outcome>,
  ports: ReactorPorts,
): Streams<Input> {
  return new StreamReactor(aggregate, outside, ports);
}

class StreamReactor<State, Input extends Fact, F extends Fact, Call extends OutsideCall, Outcome extends Fact>
  implements Streams<Input>
{
  readonly #aggregate: AnyAggregate<State, Input | Outcome, F, Call>;
  readonly #outside: Outside<Call, Outcome>;
  readonly #ports: ReactorPorts;
  readonly #remembered = new Map<string, Stream<State>>();

  constructor(
    aggregate: AnyAggregate<State, Input | Outcome, F, Call>,
    outside: Outside<Call, Outcome>,
    ports: ReactorPorts,
  ) {
    this.#aggregate = aggregate;
    this.#outside = outside;
    this.#ports = ports;
  }

  react(
    id: string,
    subscription: string,
    events: readonly Received<Input>[],
    opens: boolean,
  ): readonly Promise<void>[] {
    const tasks: Task<Input>[] = [];
    const promises = events.map((event) => {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      tasks.push({ event, cause: causeOf(subscription, event), resolve, reject });
      return promise;
    });
    const name = `${this.#aggregate.name}#${id}`;
    this.#settle(name, tasks, opens).catch((error: unknown) => {
      // Those that are settled already stay so: a promise takes its first answer.
      for (const task of tasks) task.reject(error);
    });
    return promises;
  }

  async #settle(name: string, tasks: readonly Task<Input>[], opens: boolean): Promise<void> {
    let knowledge = await this.#firstKnowledge(name, opens);
    let remaining = tasks;
    let conflicts = 0;
    while (true) {
      const plan = await this.#plan(knowledge, remaining);
      switch (plan.kind) {
        case 'done':
          return;
        case 'load':
          knowledge = await this.#load(name);
          break;
        case 'alone':
          knowledge = await this.#reactAlone(knowledge, plan.task);
          remaining = plan.rest;
          break;
        case 'append': {
          const { appended, after } = await this.#append(knowledge.stream, plan.decided, plan.causes, []);
          if (appended.kind === 'appended') {
            for (const task of plan.settled) task.resolve();
            knowledge = after;
            remaining = plan.rest;
          } else {
            // What the winner wrote decides which causes are known now; all others are decided again.
            knowledge = await this.#loadAfterConflict(name, conflicts++);
          }
        }
      }
    }
  }

  /** Folds one event after the other into one commit, up to the first that must go alone. */
  async #plan({ stream, isAssumed }: Knowledge<State>, tasks: readonly Task<Input>[]): Promise<Plan<Input, F>> {
    const decided: Decided<F>[] = [];
    const causes: Cause[] = [];
    const settled: Task<Input>[] = [];
    let state = stream.state;
    let end = tasks.length;
    for (const [index, task] of tasks.entries()) {
      if (isAmong(causes, task.cause) || (await this.#knows(stream, task.cause))) {
        // A duplicate within the batch is known only once the commit with its twin is written.
        this.#ports.observe?.('duplicate');
        settled.push(task);
        continue;
      }
      let decision: Decision<F, Call>;
      try {
        decision = this.#decide(state, task.event);
      } catch (error) {
        if (isAssumed) return { kind: 'load' };
        task.reject(error);
        continue;
      }
      const isWrite = decision.kind === 'commit' && decision.facts.length > 0;
      if (isAssumed && !isWrite) return { kind: 'load' };
      if (decision.kind === 'notYet') {
        task.reject(new NotYet(stream.id, task.event, decision.why));
        continue;
      }
      if (decision.kind === 'skip') {
        settled.push(task);
        continue;
      }
      if (decision.kind !== 'commit' || decision.counters.length > 0) {
        end = index;
        break;
      }
      decided.push({ event: task.event, facts: decision.facts });
      causes.push(task.cause);
      settled.push(task);
      state = decision.facts.reduce(this.#aggregate.evolve, state);
    }
    const [first, ...others] = decided;
    if (first !== undefined) {
      return { kind: 'append', decided: [first, ...others], causes, settled, rest: tasks.slice(end) };
    }
    for (const done of settled) done.resolve();
    const [alone, ...rest] = tasks.slice(end);
    return alone === undefined ? { kind: 'done' } : { kind: 'alone', task: alone, rest };
  }

  /**
   * One event, with its counters and its calls to the outside:
   *
   *     commit the intent, without the cause ── call ── commit the outcome, with the cause
   *                     ╳ died here              ╳ or here: the event comes again, meets the open intent,
   *                                                commits a new attempt and calls with the same key
   */
  async #reactAlone(
    known: Knowledge<State>,
    { event, cause, resolve, reject }: Task<Input>,
  ): Promise<Knowledge<State>> {
    let knowledge = known;
    try {
      let input: Input | Outcome = event;
      let outcomeInHand = false;
      let instead: Decision<F> | undefined;
      let conflicts = 0;
      for (let step = 0; step < MOST_STEPS; step += 1) {
        const { stream } = knowledge;
        const causeKnown = await this.#knows(stream, cause);
        if (causeKnown && !outcomeInHand) {
          this.#ports.observe?.('duplicate');
          resolve();
          return knowledge;
        }
        const decision = this.#repeatable(instead ?? this.#decide(stream.state, input));
        instead = undefined;
        if (decision.kind === 'notYet') throw new NotYet(stream.id, event, decision.why);
        if (decision.kind === 'ask' && decision.learned.length === 0) {
          input = await this.#ask(stream.id, decision);
          outcomeInHand = false;
          continue;
        }
        const facts = factsOf(decision);
        if (decision.kind === 'skip' || (facts.length === 0 && causeKnown)) {
          resolve();
          return knowledge;
        }
        const causes = decision.kind !== 'commit' || causeKnown ? [] : [cause];
        const counters = decision.kind === 'commit' ? decision.counters : [];
        const { appended, after } = await this.#append(stream, [{ event, facts }], causes, counters);
        if (appended.kind === 'conflict') {
          knowledge = await this.#loadAfterConflict(stream.id, conflicts++);
          // The outcome of a call is decided upon again, never dropped: it has happened.
          // A shortage, or the answer that nothing happened yet, may be past: start again from the event.
          if (!outcomeInHand) input = event;
        } else if (appended.kind === 'short') {
          // Found with the version still free: what we assumed of the stream is as good as read.
          if (decision.kind !== 'commit' || decision.ifShort === undefined)
            throw new UnexpectedShortage(stream.id, appended);
          instead = commit(this.#publishable(decision.ifShort(appended.shortages)));
        } else if (decision.kind === 'commit') {
          resolve();
          return after;
        } else if (decision.kind === 'ask') {
          knowledge = after;
          input = await this.#ask(stream.id, decision);
          outcomeInHand = false;
        } else {
          knowledge = after;
          input = await this.#outside.perform(decision.call);
          outcomeInHand = true;
        }
      }
      throw new Error(
        `${known.stream.id}: no end after ${MOST_STEPS} steps with ${event.type}; its decider does not settle`,
      );
    } catch (error) {
      reject(error);
      // An append whose answer was lost may have been written: the stream may be further than we know.
      return { stream: knowledge.stream, isAssumed: true };
    }
  }

  #decide(state: State, input: Input | Outcome): Decision<F, Call> {
    const decision = this.#aggregate.decide(state, input, { nowMs: this.#ports.clock.now() });
    this.#publishable(factsOf(decision));
    return decision;
  }

  /** A call whose key its receiver may have forgotten would happen anew: what became of it is asked instead. */
  #repeatable(decision: Decision<F, Call>): Decision<F, Call> {
    if (decision.kind !== 'call' || decision.before === undefined) return decision;
    if (!this.#isForgottenOutside(decision.before)) return decision;
    return ask(decision.call, { learned: decision.learned, lastAttemptMs: decision.before.lastMs });
  }

  /** Held against the schemas here rather than at the commit, which may hold other events' facts too. */
  #publishable(facts: readonly F[]): readonly F[] {
    assertPublishable(this.#aggregate, facts);
    return facts;
  }

  async #ask(stream: string, { call, lastAttemptMs }: Extract<Decision<F, Call>, { kind: 'ask' }>): Promise<Outcome> {
    const endedMs = lastAttemptMs + this.#ports.functionTimeoutMs + ATTEMPT_MARGIN_MS;
    if (this.#ports.clock.now() < endedMs) throw new AttemptUnderWay(stream, call, endedMs);
    return await this.#outside.ask(call);
  }

  #isForgottenOutside({ firstMs }: Attempts): boolean {
    return this.#ports.clock.now() >= firstMs + this.#outside.keysKeptMs - KEY_MARGIN_MS;
  }

  async #knows(stream: Stream<State>, cause: Cause): Promise<boolean> {
    if (knows(stream, cause)) return true;
    const { forgotten } = stream;
    if (forgotten === undefined || !mayBeForgotten(forgotten, cause)) return false;
    return isAmong(await this.#ports.store.causesUpTo(stream.id, forgotten.version), cause);
  }

  async #append(
    stream: Stream<State>,
    decided: readonly [Decided<F>, ...Decided<F>[]],
    causes: readonly Cause[],
    counters: readonly CounterChange[],
  ): Promise<{ appended: Appended; after: Knowledge<State> }> {
    const { clock, ids, store } = this.#ports;
    const { commit, after } = nextCommit(this.#aggregate, stream, decided, causes, { nowMs: clock.now(), ids });
    const appended = await store.append(commit, counters);
    if (appended.kind === 'appended') this.#remember(after);
    return { appended, after: { stream: after, isAssumed: false } };
  }

  async #firstKnowledge(name: string, opens: boolean): Promise<Knowledge<State>> {
    const remembered = this.#remembered.get(name);
    if (remembered !== undefined) return { stream: remembered, isAssumed: true };
    return opens ? { stream: emptyStream(this.#aggregate, name), isAssumed: true } : await this.#load(name);
  }

  async #load(name: string): Promise<Knowledge<State>> {
    const commits = await this.#ports.store.load(name, this.#aggregate.snapshots);
    return { stream: foldCommits(this.#aggregate, name, commits), isAssumed: false };
  }

  async #loadAfterConflict(name: string, conflicts: number): Promise<Knowledge<State>> {
    this.#ports.observe?.('conflict');
    this.#remembered.delete(name);
    if (conflicts + 1 >= MOST_CONFLICTS) throw new UnsettledConflict(name);
    const { clock } = this.#ports;
    if (conflicts > 0) await clock.sleep(fullJitter(conflicts, AFTER_CONFLICT, clock));
    return await this.#load(name);
  }

  #remember(stream: Stream<State>): void {
    this.#remembered.delete(stream.id);
    this.#remembered.set(stream.id, stream);
    for (const oldest of this.#remembered.keys()) {
      if (this.#remembered.size <= MOST_REMEMBERED) return;
      this.#remembered.delete(oldest);
    }
  }
}
