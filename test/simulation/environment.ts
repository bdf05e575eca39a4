import type { OutsideCall } from '../../functions/backbone/aggregate.ts';
import type { Clock } from '../../functions/backbone/clock.ts';
import type { EventStore } from '../../functions/backbone/event-store.ts';
import type { Fact } from '../../functions/backbone/fact.ts';
import type { IdGenerator } from '../../functions/backbone/ids.ts';
import type {
  IdempotencyTable,
  InMemoryIdempotencyRecords,
} from '../../functions/backbone/in-memory-idempotency-records.ts';
import type { Outside } from '../../functions/backbone/outside.ts';
import type { Publisher } from '../../functions/backbone/publisher.ts';
import type { ReadModel } from '../../functions/backbone/read-model.ts';
import type { ReactorPorts } from '../../functions/backbone/stream-reactor.ts';
import { EVENT_STORE, outsideSpec, PUBLISHER, READ_MODEL, SimulatedRecords } from './backbone-ports.ts';
import type { PortFault } from './faults.ts';
import { uuidOf } from './hash.ts';
import type { Invocation, Rival } from './invocation.ts';
import { type Kernel, note } from './kernel.ts';
import { type NoAnswer, performUnder } from './perform.ts';
import type { MethodSpec, PortSpec } from './port.ts';
import { randomFrom } from './random.ts';
import { nextOf, type Step } from './scheduler.ts';
import type { TraceEntry } from './trace.ts';

/** What is frozen goes on with the next invocation, what is dead never does. */
type State =
  | { readonly kind: 'frozen' }
  | { readonly kind: 'running'; readonly invocation: Invocation }
  | { readonly kind: 'dead' };

type AnyMethodSpec = MethodSpec<readonly unknown[], unknown>;

/** A call or a sleep under way. */
interface Pending extends Step {
  rival?: Rival;
}

/**
 * One execution environment of a function: its memory, its clock, its ids, and its ways out into the world, on which
 * every call is a step. Between two calls it runs alone; while one is under way, others do.
 */
export class Environment {
  /** The function's name and a number, such as `payments-1`. */
  readonly name: string;
  /** The function's own time-out. */
  readonly timeoutMs: number;
  /** The world's time, as far off as the world's `skewMs` allows. */
  readonly clock: Clock;
  /** Unique, shaped like UUIDs, and the same in every run that comes to the same point. */
  readonly ids: IdGenerator;
  readonly #kernel: Kernel;
  readonly #pending: Pending[] = [];
  #state: State = { kind: 'frozen' };
  #idsMade = 0;

  constructor(kernel: Kernel, { name, timeoutMs }: { readonly name: string; readonly timeoutMs: number }) {
    this.#kernel = kernel;
    this.name = name;
    this.timeoutMs = timeoutMs;
    const { scheduler, seed, skewMs } = kernel;
    const random = randomFrom(`${seed} ${name}`);
    const aheadMs = Math.round((random.next() * 2 - 1) * skewMs);
    this.clock = {
      now: () => scheduler.nowMs + aheadMs,
      sleep: (ms) => this.#sleep(ms),
      random: () => random.next(),
    };
    this.ids = { next: () => this.#nextId() };
  }

  /** What a reactor works with. */
  reactorPorts(store: EventStore): ReactorPorts {
    const { clock, ids, timeoutMs, name } = this;
    const observe = (what: string) => void note(this.#kernel, { who: name, did: 'observes', about: what });
    return { store: this.eventStore(store), clock, ids, functionTimeoutMs: timeoutMs, observe };
  }

  eventStore(store: EventStore): EventStore {
    return this.port('store', store, EVENT_STORE);
  }

  readModel(model: ReadModel): ReadModel {
    return this.port('view', model, READ_MODEL);
  }

  publisher(bus: Publisher): Publisher {
    return this.port('bus', bus, PUBLISHER);
  }

  /** @param name how it is told, such as `provider` */
  outside<Call extends OutsideCall, Outcome extends Fact>(
    name: string,
    outside: Outside<Call, Outcome>,
  ): Outside<Call, Outcome> {
    return this.port(name, outside, outsideSpec<Call, Outcome>(outside.keysKeptMs));
  }

  /** @param table what all environments share */
  idempotencyRecords(table: IdempotencyTable): InMemoryIdempotencyRecords {
    return new SimulatedRecords(this, table);
  }

  /**
   * Any other port: each call is announced and numbered, may go wrong, and takes effect when the scheduler picks it.
   *
   * @param name how it is told
   * @param spec what each method is about, and what may go wrong with it
   * @example environment.port<Mailer>('mailer', mailer, { send: { about: ({ subject }) => subject, faults: WRITE } })
   */
  port<Port extends object>(name: string, implementation: Port, spec: PortSpec<NoInfer<Port>>): Port {
    const port: Port = Object.create(implementation);
    // A method's spec takes what the method does, which the compiler cannot follow through a map.
    for (const [method, methodSpec] of Object.entries(spec as unknown as Readonly<Record<string, AnyMethodSpec>>)) {
      const perform: unknown = Reflect.get(implementation, method);
      if (typeof perform !== 'function') throw new TypeError(`the port ${name} has no method ${method}`);
      const performed = (...args: readonly unknown[]) =>
        new Promise<unknown>((resolve) => {
          resolve(perform.apply(implementation, args));
        });
      const value = (...args: readonly unknown[]) => this.call(name, method, methodSpec, performed, ...args);
      Object.defineProperty(port, method, { value });
    }
    return port;
  }

  /** A single call into the world, for what is no object with methods. */
  call<Args extends readonly unknown[], Result>(
    port: string,
    method: string,
    spec: MethodSpec<Args, Result>,
    perform: (...args: Args) => Promise<Result>,
    ...args: Args
  ): Promise<Result> {
    if (this.#state.kind === 'dead') return never();
    const { calls, history } = this.#kernel;
    const about = spec.about(...args);
    const faults = typeof spec.faults === 'function' ? spec.faults(...args) : spec.faults;
    const { n, fault } = calls.announce({ who: this.name, port, method, about, faults });
    const what = `${port}.${method}`;
    const { promise, resolve } = Promise.withResolvers<Result>();
    this.#enqueue(this.#effectMs(fault), what, about, (pending) => {
      if (fault === 'competitor' && this.#meetsRival(pending)) return;
      this.#dequeue(pending);
      const entry = note(this.#kernel, { who: this.name, did: what, about, n, ...(fault && { fault }) });
      if (isEffective(faults)) history?.note(`${what} ${about}`, JSON.stringify([fault, args]));
      const answer = performUnder(fault, `${what} of ${about}`, spec, perform, args);
      if (answer instanceof Promise) resolve(this.#heard(answer, entry));
      else this.#unanswered(answer);
    });
    return promise;
  }

  get isRunning(): boolean {
    return this.#state.kind === 'running';
  }

  /** The function's, that it is called. */
  begin(invocation: Invocation): void {
    this.#state = { kind: 'running', invocation };
    this.#kernel.history?.note(this.name, invocation.key);
  }

  /** It has answered. What it left undone waits, as on Lambda, until it is called again. */
  freeze(): void {
    if (this.#state.kind === 'running') this.#state = { kind: 'frozen' };
  }

  die(): void {
    this.#state = { kind: 'dead' };
    this.#kernel.history?.forget(this.name);
  }

  offer(nowMs: number, steps: Step[]): void {
    for (const pending of this.#pending) {
      if (pending.atMs <= nowMs && pending.rival?.hasEnded !== false) steps.push(pending);
    }
  }

  nextMs(nowMs: number): number {
    return nextOf(this.#pending, nowMs);
  }

  /** What it is about to do, as far as that tells where it stands. */
  get intentions(): readonly string[] {
    return this.#pending.map(({ what, about }) => `${this.name} ${what} ${about}`);
  }

  #sleep(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    if (this.#state.kind === 'dead') return promise;
    this.#enqueue(this.#kernel.scheduler.nowMs + ms, 'wakes', '', (pending) => {
      this.#dequeue(pending);
      resolve();
    });
    return promise;
  }

  #enqueue(atMs: number, what: string, about: string, happen: (pending: Pending) => void): void {
    const { scheduler } = this.#kernel;
    const pending: Pending = {
      atMs: Math.max(atMs, scheduler.nowMs),
      order: scheduler.nextOrder(),
      who: this.name,
      what,
      about,
      take: () => {
        this.#kernel.running = this.name;
        happen(pending);
      },
    };
    this.#pending.push(pending);
  }

  /** When a call takes effect, which may be at once. */
  #effectMs(fault: PortFault | undefined): number {
    const { nowMs } = this.#kernel.scheduler;
    if (this.#state.kind !== 'running') return nowMs;
    const { deadlineMs } = this.#state.invocation;
    switch (fault) {
      case 'slow':
        return nowMs + Math.floor((deadlineMs - nowMs) / 2);
      case 'times-out':
        return deadlineMs - 1;
      default:
        return nowMs;
    }
  }

  #dequeue(pending: Pending): void {
    this.#pending.splice(this.#pending.indexOf(pending), 1);
  }

  /** Whether it now waits for one; once that has ended, it goes on. */
  #meetsRival(pending: Pending): boolean {
    if (pending.rival !== undefined || this.#state.kind !== 'running') return false;
    const rival = this.#state.invocation.compete();
    if (rival !== undefined) pending.rival = rival;
    return rival !== undefined;
  }

  async #heard<Result>(answer: Promise<Result>, entry: TraceEntry): Promise<Result> {
    const { history } = this.#kernel;
    try {
      const result = await answer;
      entry.outcome = result;
      history?.note(this.name, `${entry.did} ${entry.about} ${JSON.stringify(result)}`);
      return result;
    } catch (error) {
      entry.outcome = error;
      history?.note(this.name, `${entry.did} ${entry.about} ${error}`);
      throw error;
    }
  }

  #unanswered(answer: NoAnswer): void {
    if (this.#state.kind !== 'running' || answer.kind === 'hangs') return;
    if (answer.kind === 'dies and is kept away') this.#state.invocation.keepAway(answer.ms);
    this.#state.invocation.die();
  }

  #nextId(): string {
    this.#idsMade += 1;
    const during = this.#state.kind === 'running' ? this.#state.invocation.key : this.name;
    return uuidOf(`${this.#kernel.seed} ${during} ${this.#idsMade}`);
  }
}

/** Whether a call can have an effect: only then can it have one and lose its answer. */
function isEffective(faults: readonly PortFault[]): boolean {
  return faults.includes('error-after');
}

function never(): Promise<never> {
  return new Promise(() => undefined);
}
