import {
  BatchProcessor,
  EventType,
  processPartialResponse,
  SqsFifoPartialProcessorAsync,
} from '@aws-lambda-powertools/batch';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { logMetrics } from '@aws-lambda-powertools/metrics/middleware';
import middy from '@middy/core';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { Clock } from './clock.ts';
import type { Consumer } from './consumer.ts';
import { type Received, readEvent } from './envelope.ts';
import type { FactsOf, FactTypes } from './fact.ts';
import { logger, logKeysOf, metrics } from './observability.ts';

/**
 * The function behind a subscription's queue: reads each record, lets the consumer handle the batch, and answers which
 * records failed, so that only they come again. In a FIFO queue a failed record holds up its own group and no other.
 *
 * @throws Error at the start of the function, when its construct feeds it another subscription's queue
 * @example export const handler = consumerFunction(paymentsConsumer(ports), { clock: systemClock });
 */
export function consumerFunction<Facts extends FactTypes>(consumer: Consumer<Facts>, { clock }: { clock: Clock }) {
  refuseForeignQueue(consumer.subscription.name);
  return middy<SQSEvent, SQSBatchResponse, Error, Context>()
    .use(injectLambdaContext(logger))
    .use(logMetrics(metrics))
    .handler(async (event, context): Promise<SQSBatchResponse> => {
      const isFifo = event.Records[0]?.eventSourceARN.endsWith('.fifo') === true;
      if (isFifo) {
        const handleOne = async (record: SQSRecord) =>
          await settled(await handleBatch(consumer, [record], context, clock), record);
        const processor = new SqsFifoPartialProcessorAsync();
        const options = { context, skipGroupOnError: true, throwOnFullBatchFailure: false } as const;
        return await processPartialResponse(event, handleOne, processor, options);
      }
      const outcomes = await handleBatch(consumer, event.Records, context, clock);
      const processor = new BatchProcessor(EventType.SQS);
      const handleOne = async (record: SQSRecord) => await settled(outcomes, record);
      return await processPartialResponse(event, handleOne, processor, { context, throwOnFullBatchFailure: false });
    });
}

type Outcomes = ReadonlyMap<string, PromiseSettledResult<void>>;

/** Handles the readable records together; each record's outcome under its message id. */
async function handleBatch<Facts extends FactTypes>(
  { subscription, handle }: Consumer<Facts>,
  records: readonly SQSRecord[],
  context: Context,
  clock: Clock,
): Promise<Outcomes> {
  const outcomes = new Map<string, PromiseSettledResult<void>>();
  const readable: { record: SQSRecord; event: Received<FactsOf<Facts>> }[] = [];
  for (const record of records) {
    try {
      readable.push({ record, event: readEvent(subscription, record.body, clock) });
    } catch (reason) {
      outcomes.set(record.messageId, { status: 'rejected', reason });
      logger.error('unreadable', { consumer: subscription.name, ...deliveryOf(record), error: reason });
    }
  }
  const results = await Promise.allSettled(
    handle(
      readable.map(({ event }) => event),
      context,
    ),
  );
  for (const [n, { record, event }] of readable.entries()) {
    const result = results[n] ?? { status: 'rejected', reason: new Error(`${subscription.name} did not answer`) };
    outcomes.set(record.messageId, result);
    const line = { consumer: subscription.name, ...deliveryOf(record), ...logKeysOf(event) };
    if (result.status === 'fulfilled') logger.info('handled', line);
    else logger.error('failed', { ...line, error: result.reason });
  }
  const failed = [...outcomes.values()].filter(({ status }) => status === 'rejected').length;
  metrics.addMetric('EventsHandled', MetricUnit.Count, outcomes.size - failed);
  metrics.addMetric('EventsFailed', MetricUnit.Count, failed);
  return outcomes;
}

async function settled(outcomes: Outcomes, { messageId }: SQSRecord): Promise<void> {
  const outcome = outcomes.get(messageId);
  if (outcome?.status !== 'fulfilled') throw outcome?.reason ?? new Error(`the message ${messageId} was not handled`);
}

function deliveryOf({ messageId, attributes }: SQSRecord) {
  return { messageId, attempt: Number(attributes.ApproximateReceiveCount) };
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
