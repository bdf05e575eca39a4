/**
 * Which changes of a table a relay receives, as Lambda's event filtering writes it.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html
 */
export type StreamFilter = {
  readonly eventName: readonly ('INSERT' | 'MODIFY' | 'REMOVE')[];
  readonly dynamodb: Readonly<Record<string, unknown>>;
};

/** The commits that have facts to publish: what every relay receives. */
export const PUBLISHED_COMMITS: StreamFilter = {
  eventName: ['INSERT'],
  dynamodb: { NewImage: { published: { N: [{ exists: true }] } } },
};
