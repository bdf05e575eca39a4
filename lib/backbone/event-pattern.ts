import type { EventPattern } from 'aws-cdk-lib/aws-events';
import type { FactTypes } from '../../functions/backbone/fact.ts';

/** One pattern must not be longer: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html */
export const MOST_PATTERN_CHARACTERS = 2048;

/** A pattern as EventBridge reads it. CDK hands on what its own type does not know. */
export interface FactPattern extends EventPattern {
  readonly 'detail-type'?: string[];
  readonly $or?: FactPattern[];
}

/**
 * The pattern of the rule that selects these facts and nothing else: exact pairs of source and detail-type, so that a
 * fact of the same name from somewhere else is not listened to by accident.
 *
 * The order of the facts makes no difference: sorting a map deploys nothing.
 */
export function patternOf(facts: FactTypes): FactPattern {
  const bySource = Map.groupBy(Object.values(facts), ({ source }) => source);
  const pairs = [...bySource.keys()].sort().map((source) => ({
    source: [source],
    'detail-type': (bySource.get(source) ?? []).map(({ type }) => type).sort(),
  }));
  const [only] = pairs;
  return only !== undefined && pairs.length === 1 ? only : { $or: pairs };
}
