import { isDeepStrictEqual } from 'node:util';
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import type { Delivery, Identity } from './delivery.ts';
import type { Delivery as Envelope } from './envelope.ts';
import { type Count, type DimensionsOf, METRICS, type MetricName } from './metrics.ts';
import type { DeadLetterReason } from './recoverability.ts';

/** The one logger of a function: JSON lines, named by POWERTOOLS_SERVICE_NAME, and by the consumer where it is one's. */
export const logger = new Logger({ persistentKeys: { consumer: process.env.SUBSCRIPTION } });

/** What is measured under the same dimensions. */
class MetricSet extends Metrics {
  readonly dimensions: Dimensions;

  constructor(dimensions: Dimensions) {
    super({ defaultDimensions: dimensions });
    this.dimensions = dimensions;
  }

  /** Most sets stay empty in most calls: they write nothing, where Powertools would warn. */
  override publishStoredMetrics(): this {
    return this.hasStoredMetrics() ? super.publishStoredMetrics() : this;
  }
}

/**
 * The metrics of a function, in the namespace POWERTOOLS_METRICS_NAMESPACE: a set for each combination of dimensions, and
 * with it a line in the log for each call. `logMetrics` writes those that are here when a call ends.
 */
export const metrics: MetricSet[] = [];

/**
 * Measures, by service, by consumer where the function is one's, and by what the metric is told apart by beside that.
 *
 * @param value in the metric's unit
 */
export function measure<Name extends MetricName>(name: Name, value: number, by: DimensionsOf<Name>): void {
  metricSet(by).addMetric(name, METRICS[name].unit, value);
}

/** Counts what is told apart by nothing else. */
export function count(name: Count, times = 1): void {
  metricSet({}).addMetric(name, METRICS[name].unit, times);
}

export function countDeadLetter(reason: DeadLetterReason): void {
  measure('DeadLetters', 1, { reason });
}

/**
 * Measures an event that was handled. A replayed one is neither late nor part of a flow that goes on: its age tells when
 * the replay was.
 *
 * @param at when its handling began, and now, in milliseconds since 1970
 */
export function measureHandled(
  { metadata: { type, time, correlationTime }, replay }: Envelope,
  { startedMs, nowMs }: { readonly startedMs: number; readonly nowMs: number },
): void {
  count('EventsHandled');
  measure('HandlerDuration', nowMs - startedMs, { fact: type });
  if (replay !== undefined) return;
  measure('ConsumerLag', ageMs(time, nowMs), {});
  if (correlationTime !== undefined) measure('EndToEndAge', ageMs(correlationTime, nowMs), {});
}

/** A producer's clock may be ahead of ours. */
export function ageMs(time: string, nowMs: number): number {
  return Math.max(0, nowMs - Date.parse(time));
}

type Dimensions = Readonly<Record<string, string>>;

function metricSet(by: Dimensions): MetricSet {
  const consumer = process.env.SUBSCRIPTION;
  const dimensions = { ...(consumer !== undefined && { consumer }), ...by };
  const known = metrics.find((set) => isDeepStrictEqual(set.dimensions, dimensions));
  if (known !== undefined) return known;
  const set = new MetricSet(dimensions);
  metrics.push(set);
  return set;
}

/** What every log line about an event carries: which it is, of which flow, and from what it came. */
export function logKeysOf({ metadata }: { readonly metadata: Identity }) {
  const { id, type, correlationId, causationId, traceparent } = metadata;
  return { eventId: id, type, correlation_id: correlationId, causationId, traceparent };
}

/** What every log line about a delivery carries beside that: who received it, and for which attempt. */
export function deliveryKeysOf(consumer: string, { messageId, past }: Delivery, metadata: Identity) {
  return { consumer, messageId, attempt: past.attempts + 1, ...logKeysOf({ metadata }) };
}
