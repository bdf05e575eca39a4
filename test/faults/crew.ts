import { Worker } from 'node:worker_threads';
import type { Tally, Task } from './campaign.ts';

/** A task could not be done at all: a mistake in the campaign, not in the shop. */
export class TaskFailed extends Error {
  override readonly name = 'TaskFailed';

  constructor({ kind, scenario, part }: Task, what: string) {
    super(`part ${part} of ${kind}, '${scenario}', could not be run: ${what}`);
  }
}

/**
 * Does tasks in as many threads as told, in any order.
 *
 * @param done told of each task's end
 * @throws TaskFailed at the first that could not be run
 */
export async function work(
  tasks: readonly Task[],
  threads: number,
  done: (task: Task, tally: Tally) => void,
): Promise<void> {
  const waiting = tasks.values();
  const crew = Array.from({ length: Math.min(threads, tasks.length) }, () => {
    return new Worker(new URL('./worker.ts', import.meta.url));
  });
  try {
    await Promise.all(crew.map((worker) => workOff(worker, waiting, done)));
  } finally {
    await Promise.all(crew.map((worker) => worker.terminate()));
  }
}

async function workOff(
  worker: Worker,
  waiting: IterableIterator<Task>,
  done: (task: Task, tally: Tally) => void,
): Promise<void> {
  for (const task of waiting) {
    const { promise, resolve, reject } = Promise.withResolvers<Tally>();
    const answered = (answer: { readonly tally?: Tally; readonly error?: string }) => {
      if (answer.tally !== undefined) resolve(answer.tally);
      else reject(new TaskFailed(task, answer.error ?? 'no answer'));
    };
    worker.once('message', answered);
    worker.once('error', reject);
    worker.postMessage(task);
    done(task, await promise);
    worker.off('error', reject);
  }
}
