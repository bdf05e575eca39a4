import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { InMemoryEventStore } from '../../../../functions/backbone/in-memory-event-store.ts';
import { InMemorySourceQueue } from '../../../../functions/backbone/in-memory-source-queue.ts';
import { orderIdOf } from '../../../../functions/orders/decider.ts';
import { ManualClock } from '../../../manual-clock.ts';
import { eventBridgeMessage } from '../../backbone/eventbridge-message.ts';
import { sqsRecord } from '../../backbone/sqs-event.ts';
import type { FromFunction, PortCall, ToFunction } from './calls.ts';

/** How a backlog of carts was drained by one execution environment. */
export interface Drained {
  /** How many messages were delivered: some come twice. */
  readonly delivered: number;
  /** Carts of which no order was placed. */
  readonly lost: number;
  /** Orders that were placed more than once. */
  readonly doubled: number;
  readonly deadLetters: number;
  /** The heap of the function after every tenth batch, without garbage. */
  readonly heapBytes: readonly number[];
  readonly elapsedMs: number;
}

/** Every tenth delivery is not acknowledged, and so comes a second time, as a standard queue may do. */
const TWICE_EVERY = 10;
const BATCH = 10;
const VISIBILITY_SECONDS = 60;

/** Lets the orders' function drain a backlog of so many carts. */
export async function drainBacklog(carts: number): Promise<Drained> {
  const clock = new ManualClock();
  const queue = new InMemorySourceQueue({ clock, visibilitySeconds: VISIBILITY_SECONDS });
  const placed = new Map<string, number>();
  const store = new InMemoryEventStore(({ commit: { stream, facts } }) => {
    const own = facts.filter(({ type }) => type === 'OrderPlaced').length;
    placed.set(stream, (placed.get(stream) ?? 0) + own);
  });
  for (let n = 0; n < carts; n += 1) queue.send({ body: cart(n), attributes: {} });

  const env = { ...process.env, POWERTOOLS_LOG_LEVEL: 'SILENT', POWERTOOLS_METRICS_DISABLED: 'true' };
  const worker = new Worker(new URL('./function.ts', import.meta.url), { env });
  const tell = (message: ToFunction) => worker.postMessage(message);
  const perform = (of: PortCall): Promise<unknown> => {
    // Each method is a function of the arguments that were called with; the compiler does not see that they belong together.
    const port = (of.port === 'store' ? store : queue) as unknown as Record<
      string,
      (...args: unknown[]) => Promise<unknown>
    >;
    return port[of.method]?.(...of.args) ?? Promise.reject(new Error(`there is no ${of.port}.${of.method}`));
  };
  const handled = (): Promise<Extract<FromFunction, { kind: 'handled' }>> =>
    new Promise((resolve, reject) => {
      worker.once('error', reject);
      worker.on('message', function listen(message: FromFunction) {
        if (message.kind === 'handled') {
          worker.off('message', listen).off('error', reject);
          resolve(message);
          return;
        }
        perform(message.of).then(
          (answer) => tell({ kind: 'answer', call: message.call, answer }),
          (error: unknown) => tell({ kind: 'failure', call: message.call, message: String(error) }),
        );
      });
    });

  const heapBytes: number[] = [];
  let delivered = 0;
  const startMs = performance.now();
  await once(worker, 'online');
  while (queue.length > 0) {
    const batch = queue.receive(BATCH);
    if (batch.length === 0) {
      clock.advance(VISIBILITY_SECONDS * 1000);
      continue;
    }
    const Records = batch.map((message) => sqsRecord({ ...message, sentMs: Date.now(), firstReceivedMs: Date.now() }));
    const answered = handled();
    tell({ kind: 'batch', event: { Records } });
    const { response, heapBytes: bytes } = await answered;
    if (bytes !== undefined) heapBytes.push(bytes);
    const failed = new Set(response.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    for (const { messageId, receiptHandle, receiveCount } of batch) {
      delivered += 1;
      const comesTwice = receiveCount === 1 && delivered % TWICE_EVERY === 0;
      if (!failed.has(messageId) && !comesTwice) await queue.acknowledge(receiptHandle);
    }
  }
  await worker.terminate();

  const counts = Array.from({ length: carts }, (_, n) => placed.get(`order#${orderIdOf(`c${n}`)}`) ?? 0);
  return {
    delivered,
    lost: counts.filter((count) => count === 0).length,
    doubled: counts.filter((count) => count > 1).length,
    deadLetters: queue.deadLetters.length,
    heapBytes,
    elapsedMs: performance.now() - startMs,
  };
}

function cart(n: number): string {
  const data = {
    cartId: `c${n}`,
    customerId: `cus-${n}`,
    currency: 'EUR',
    lines: [{ sku: 'mug-blue', quantity: 1, unitPrice: 1_250 }],
    paymentMethod: 'tok_ok',
    shippingAddress: 'addr_ok',
  };
  return eventBridgeMessage({ data }, { id: `cart-${n}`, 'detail-type': 'CartCheckedOut', source: 'shop.storefront' });
}
