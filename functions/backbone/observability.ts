import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import type { Received } from './envelope.ts';

/** The one logger of a function: JSON lines, named by POWERTOOLS_SERVICE_NAME. */
export const logger = new Logger();

/** The one set of metrics of a function, in the namespace POWERTOOLS_METRICS_NAMESPACE. */
export const metrics = new Metrics();

/** What every log line about an event carries: which it is, of which flow, and from what it came. */
export function logKeysOf({ metadata }: Received) {
  const { id, type, correlationId, causationId, traceparent } = metadata;
  return { eventId: id, type, correlation_id: correlationId, causationId, traceparent };
}
