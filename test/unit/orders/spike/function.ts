import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { parentPort } from 'node:worker_threads';
import { systemClock } from '../../../../functions/backbone/clock.ts';
import { consumerFunction } from '../../../../functions/backbone/consumer-function.ts';
import type { EventStore } from '../../../../functions/backbone/event-store.ts';
import { uuidV7 } from '../../../../functions/backbone/ids.ts';
import { DEFAULT_RETRY } from '../../../../functions/backbone/recoverability.ts';
import type { SourceQueue } from '../../../../functions/backbone/source-queue.ts';
import { ordersConsumer } from '../../../../functions/orders/consumer.ts';
import { invocation } from '../../backbone/invocation.ts';
import type { FromFunction, PortCall, ToFunction } from './calls.ts';

/** The orders' function in a thread with a heap of its own: queue and table are in another, as on AWS. */

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

const open = new Map<number, { resolve: (answer: never) => void; reject: (error: Error) => void }>();
let calls = 0;

/** To collect the garbage takes longer than a batch. */
const MEASURED_EVERY = 10;
let batches = 0;

function tell(message: FromFunction): void {
  parentPort?.postMessage(message);
}

/** The other thread answers as the port's method does, so that whoever calls may say with what. */
function call<Answer>(of: PortCall): Promise<Answer> {
  calls += 1;
  const own = calls;
  return new Promise((resolve, reject) => {
    open.set(own, { resolve, reject });
    tell({ kind: 'call', call: own, of });
  });
}

const store: EventStore = {
  load: (...args) => call({ port: 'store', method: 'load', args }),
  causesUpTo: (...args) => call({ port: 'store', method: 'causesUpTo', args }),
  append: (...args) => call({ port: 'store', method: 'append', args }),
};
const queue: SourceQueue = {
  retryIn: (...args) => call({ port: 'queue', method: 'retryIn', args }),
  sendAgain: (...args) => call({ port: 'queue', method: 'sendAgain', args }),
  quarantine: (...args) => call({ port: 'queue', method: 'quarantine', args }),
  acknowledge: (...args) => call({ port: 'queue', method: 'acknowledge', args }),
};
const consumer = ordersConsumer({ store, clock: systemClock, ids: uuidV7, functionTimeoutMs: 10_000 });
const handler = consumerFunction(consumer, { clock: systemClock, queue, retry: DEFAULT_RETRY });

parentPort?.on('message', async (message: ToFunction) => {
  if (message.kind === 'batch') {
    const response = await handler(message.event, invocation());
    batches += 1;
    const isMeasured = batches % MEASURED_EVERY === 0;
    if (isMeasured) collectGarbage();
    tell({ kind: 'handled', response, ...(isMeasured && { heapBytes: process.memoryUsage().heapUsed }) });
    return;
  }
  const waiting = open.get(message.call);
  open.delete(message.call);
  if (message.kind === 'answer') waiting?.resolve(message.answer as never);
  else waiting?.reject(new Error(message.message));
});
