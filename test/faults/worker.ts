import { parentPort } from 'node:worker_threads';
import { runTask, type Task } from './campaign.ts';

/** A thread of the campaign: does one task after another, and answers each with its tally. */
parentPort?.on('message', (task: Task) => {
  runTask(task).then(
    (tally) => parentPort?.postMessage({ tally }),
    (error: unknown) => parentPort?.postMessage({ error: String(error instanceof Error ? error.stack : error) }),
  );
});
