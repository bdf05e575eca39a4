import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { DimensionsOf, MetricName, OwnerOf } from '../../functions/backbone/metrics.ts';

/**
 * A metric that the functions write, over periods of five minutes.
 *
 * @param namespace the bus's
 * @param dimensions whose it is, and what it is told apart by
 * @param statistic such as `Sum` or `p95`
 * @example ownMetric(bus.metricsNamespace, 'ConsumerLag', { service: 'orders', consumer: 'orders-deadline' }, 'p95')
 */
export function ownMetric<Name extends MetricName>(
  namespace: string,
  metricName: Name,
  dimensions: OwnerOf<Name> & DimensionsOf<Name>,
  statistic: string,
): Metric {
  return new Metric({ namespace, metricName, dimensionsMap: { ...dimensions }, statistic });
}
