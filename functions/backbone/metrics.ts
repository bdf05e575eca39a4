/** A metric, in CloudWatch's own terms. */
interface MetricDefinition {
  /** In whose function it is measured: by `service`, and a consumer's by `consumer` as well. */
  readonly of: 'consumer' | 'relay';
  readonly unit: 'Count' | 'Milliseconds';
  /**
   * What it is told apart by beside that. Each combination of values is a metric that is paid for: never an id, and nothing
   * that grows with the traffic.
   */
  readonly by: readonly ('reason' | 'fact' | 'outcome')[];
}

/** Everything that is measured, by its name. docs/metrics.md says what each tells. */
export const METRICS = {
  EventsHandled: { of: 'consumer', unit: 'Count', by: [] },
  EventsRetried: { of: 'consumer', unit: 'Count', by: [] },
  EventsPutOff: { of: 'consumer', unit: 'Count', by: [] },
  DeadLetters: { of: 'consumer', unit: 'Count', by: ['reason'] },
  DuplicatesMet: { of: 'consumer', unit: 'Count', by: [] },
  CommitConflicts: { of: 'consumer', unit: 'Count', by: [] },
  ConsumerLag: { of: 'consumer', unit: 'Milliseconds', by: [] },
  EndToEndAge: { of: 'consumer', unit: 'Milliseconds', by: [] },
  HandlerDuration: { of: 'consumer', unit: 'Milliseconds', by: ['fact'] },
  FactsPublished: { of: 'relay', unit: 'Count', by: ['fact'] },
  RelayDelay: { of: 'relay', unit: 'Milliseconds', by: [] },
  PublishFailures: { of: 'relay', unit: 'Count', by: [] },
  CommitsRefused: { of: 'relay', unit: 'Count', by: ['reason'] },
  SagaOutcomes: { of: 'relay', unit: 'Count', by: ['outcome'] },
} as const satisfies Record<string, MetricDefinition>;

export type MetricName = keyof typeof METRICS;

type Definition<Name extends MetricName> = (typeof METRICS)[Name];

/** What a metric is told apart by, with its values. */
export type DimensionsOf<Name extends MetricName> = { readonly [Dimension in Definition<Name>['by'][number]]: string };

/** Whose metric it is. */
export type OwnerOf<Name extends MetricName> = Definition<Name>['of'] extends 'consumer'
  ? { readonly service: string; readonly consumer: string }
  : { readonly service: string };

/** The metrics that count, and are told apart by nothing else. */
export type Count = {
  [Name in MetricName]: Definition<Name> extends { unit: 'Count'; by: readonly [] } ? Name : never;
}[MetricName];
