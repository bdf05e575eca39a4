import type { Context } from 'aws-lambda';
import { Environment } from './environment.ts';
import { uuidOf } from './hash.ts';
import type { Ending, Invocation, Rival } from './invocation.ts';
import { type Kernel, note } from './kernel.ts';
import type { Deadline, Step, StepSource } from './scheduler.ts';

/** What Lambda calls. */
export type Handler<Event, Answer> = (event: Event, context: Context) => Promise<Answer>;

export interface FunctionProps<Event, Answer> {
  readonly name: string;
  readonly timeoutMs: number;
  /** Starts an environment: what a function's module does when it is loaded. */
  readonly start: (environment: Environment) => Handler<Event, Answer>;
}

/** What a function is called with, and by whom. */
export interface Call<Event, Answer> extends Pick<Invocation, 'key' | 'keepAway' | 'compete'> {
  readonly event: Event;
  readonly about: string;
  readonly ended: (ending: Ending<Answer>) => void;
}

interface Instance<Event, Answer> {
  readonly environment: Environment;
  readonly handle: Handler<Event, Answer>;
}

/**
 * A function with its execution environments. One that has answered is kept and called again, with all that it
 * remembers; one that died or ran out of time is gone, and its promises never settle.
 */
export class SimulatedFunction<Event, Answer> implements StepSource {
  readonly name: string;
  readonly #kernel: Kernel;
  readonly #props: FunctionProps<Event, Answer>;
  readonly #instances: Instance<Event, Answer>[] = [];
  #started = 0;

  constructor(kernel: Kernel, props: FunctionProps<Event, Answer>) {
    this.#kernel = kernel;
    this.#props = props;
    this.name = props.name;
  }

  /** How many of its environments are at work. */
  get running(): number {
    let running = 0;
    for (const { environment } of this.#instances) if (environment.isRunning) running += 1;
    return running;
  }

  /** Calls it, in an environment that is idle or in a new one. */
  invoke({ event, key, about, keepAway, compete, ended }: Call<Event, Answer>): Rival {
    const { scheduler } = this.#kernel;
    const instance = this.#idle() ?? this.#start();
    const { environment, handle } = instance;
    const rival = { hasEnded: false };
    const end = (ending: Ending<Answer>) => {
      if (rival.hasEnded) return;
      rival.hasEnded = true;
      scheduler.deadlines.delete(deadline);
      if (ending.kind === 'died' || !this.#kernel.warm) this.#bury(instance);
      else environment.freeze();
      ended(ending);
    };
    const deadline: Deadline = {
      atMs: scheduler.nowMs + this.#props.timeoutMs,
      pass: () => {
        note(this.#kernel, { who: environment.name, did: 'is killed', about, outcome: 'its time is over' });
        end({ kind: 'died' });
      },
    };
    const die = () => end({ kind: 'died' });
    note(this.#kernel, { who: environment.name, did: 'is called', about });
    this.#kernel.running = environment.name;
    scheduler.deadlines.add(deadline);
    environment.begin({ key, deadlineMs: deadline.atMs, die, keepAway, compete });
    handle(event, this.#context(key, deadline.atMs)).then(
      (answer) => end({ kind: 'answered', answer }),
      (error: unknown) => end({ kind: 'failed', error }),
    );
    return rival;
  }

  offer(nowMs: number, steps: Step[]): void {
    for (const { environment } of this.#instances) if (environment.isRunning) environment.offer(nowMs, steps);
  }

  nextMs(nowMs: number): number {
    let nextMs = Number.POSITIVE_INFINITY;
    for (const { environment } of this.#instances) {
      if (environment.isRunning) nextMs = Math.min(nextMs, environment.nextMs(nowMs));
    }
    return nextMs;
  }

  /** What its environments are about to do. */
  get intentions(): readonly string[] {
    return this.#instances.flatMap(({ environment }) => (environment.isRunning ? environment.intentions : []));
  }

  #idle(): Instance<Event, Answer> | undefined {
    const idle = this.#instances.filter(({ environment }) => !environment.isRunning);
    if (idle.length === 0) return undefined;
    return idle[this.#kernel.scheduler.pick(idle.length + 1, { kind: 'environment', who: this.name })];
  }

  #start(): Instance<Event, Answer> {
    this.#started += 1;
    const { name, timeoutMs, start } = this.#props;
    const environment = new Environment(this.#kernel, { name: `${name}-${this.#started}`, timeoutMs });
    const instance = { environment, handle: start(environment) };
    this.#instances.push(instance);
    return instance;
  }

  #bury(instance: Instance<Event, Answer>): void {
    instance.environment.die();
    this.#instances.splice(this.#instances.indexOf(instance), 1);
  }

  #context(key: string, deadlineMs: number): Context {
    const { scheduler } = this.#kernel;
    const { name } = this;
    return {
      functionName: name,
      functionVersion: '$LATEST',
      invokedFunctionArn: `arn:aws:lambda:eu-central-1:123456789012:function:${name}`,
      memoryLimitInMB: '512',
      awsRequestId: uuidOf(key),
      logGroupName: `/aws/lambda/${name}`,
      logStreamName: name,
      callbackWaitsForEmptyEventLoop: true,
      getRemainingTimeInMillis: () => Math.max(0, deadlineMs - scheduler.nowMs),
      done: unused,
      fail: unused,
      succeed: unused,
    };
  }
}

function unused(): never {
  throw new Error('Lambda has no callbacks any more: answer by the promise');
}
