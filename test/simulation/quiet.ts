import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { type Kernel, note } from './kernel.ts';

/** One world runs at a time in a process: what stands for the process's clock, log and metrics is there once. */
let turn: Promise<unknown> = Promise.resolve();

/**
 * Runs a world with its own time for everybody who asks the process for it, without a line of log and without metrics:
 * warnings and errors are in the world's trace instead, and what was counted in its `counts`.
 */
export async function inWorld<Result>(kernel: Kernel, run: () => Promise<Result>): Promise<Result> {
  const before = turn;
  const { promise, resolve: done } = Promise.withResolvers<void>();
  turn = promise;
  await before;
  const restore = replaceAmbience(kernel);
  try {
    return await run();
  } finally {
    restore();
    done();
  }
}

function replaceAmbience(kernel: Kernel): () => void {
  const tell = (did: string) => (message: unknown, about?: unknown) => {
    const error = typeof about === 'object' && about !== null && 'error' in about ? about.error : undefined;
    note(kernel, { who: kernel.running, did, about: String(message), outcome: error });
  };
  const silent = () => undefined;
  const { counts } = kernel;
  const restores = [
    replace(Date, { now: () => kernel.scheduler.nowMs }),
    replace(Logger.prototype, {
      trace: silent,
      debug: silent,
      info: silent,
      warn: tell('warns'),
      error: tell('complains'),
      critical: tell('complains'),
    }),
    replace(Metrics.prototype, {
      addMetric(this: Metrics, name: string, unit: string, value: number) {
        if (unit === MetricUnit.Count) counts.set(name, (counts.get(name) ?? 0) + value);
        return this;
      },
      publishStoredMetrics(this: Metrics) {
        return this;
      },
    }),
  ];
  return () => {
    for (const restore of restores) restore();
  };
}

/** Replaces methods of an object or a class; answers how they come back. */
function replace(thing: object, methods: Readonly<Record<string, unknown>>): () => void {
  const before = Object.keys(methods).map((name) => [name, Object.getOwnPropertyDescriptor(thing, name)] as const);
  Object.assign(thing, methods);
  return () => {
    for (const [name, descriptor] of before) {
      if (descriptor === undefined) Reflect.deleteProperty(thing, name);
      else Object.defineProperty(thing, name, descriptor);
    }
  };
}
