import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { logMetrics } from '@aws-lambda-powertools/metrics/middleware';
import middy from '@middy/core';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { handleInOrder, handleTogether } from './batch.ts';
import type { Consumer } from './consumer.ts';
import { deliveryOf } from './delivery.ts';
import type { FactTypes } from './fact.ts';
import { logger, metrics } from './observability.ts';
import { Recoverer, type RecovererPorts } from './recoverer.ts';
import { UNTIL_KILLED } from './time-out.ts';

/** What a consumer's function works with, beside what its consumer was made with. */
export type ConsumerPorts = RecovererPorts;

/**
 * The function behind a subscription's queue: reads each record, lets the consumer handle the batch, sees to what failed,
 * and answers which records stay in the queue. What cannot be mended goes to the dead-letter queue at once, everything
 * else comes again after a backoff; see `recover`. In a FIFO queue a failed record holds up its own group and no other.
 *
 * @throws Error at the start of the function, when its construct feeds it another subscription's queue
 * @example export const handler = consumerFunction(paymentsConsumer(ports), awsConsumerPorts());
 */
export function consumerFunction<Facts extends FactTypes>(consumer: Consumer<Facts>, ports: ConsumerPorts) {
  const { name } = consumer.subscription;
  refuseForeignQueue(name);
  const recoverer = new Recoverer(name, ports);
  return middy<SQSEvent, SQSBatchResponse, Error, Context>(UNTIL_KILLED)
    .use(injectLambdaContext(logger))
    .use(logMetrics(metrics))
    .handler(async ({ Records }, context): Promise<SQSBatchResponse> => {
      const deliveries = Records.map((record) => deliveryOf(record, recoverer.memory));
      const isOrdered = deliveries.some(({ group }) => group !== undefined);
      const handle = isOrdered ? handleInOrder : handleTogether;
      const outcomes = await handle({ consumer, recoverer, ports }, deliveries, context);
      const staying = deliveries.filter(({ messageId }) => outcomes.get(messageId)?.kind !== 'settled');
      return { batchItemFailures: staying.map(({ messageId }) => ({ itemIdentifier: messageId })) };
    });
}

/**
 * The construct names the subscription whose queue it feeds to the function: one that was given another's code would
 * take every event for an unknown one. It had better not start.
 */
function refuseForeignQueue(name: string): void {
  const fed = process.env.SUBSCRIPTION;
  if (fed === undefined || fed === name) return;
  throw new Error(
    `this code handles the subscription ${name}, but its queue is that of ${fed}: mend the construct's entry`,
  );
}
