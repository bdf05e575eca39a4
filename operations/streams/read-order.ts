import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Commit } from '../../functions/backbone/event-store.ts';
import { type Store, tableOn } from '../catalogue.ts';
import { collected, readStream } from './commits.ts';

/** A context's commits. */
export interface ContextCommits {
  readonly context: string;
  readonly commits: readonly Commit[];
}

/** All that the contexts committed about an order. */
export async function commitsOfOrder(
  documents: DynamoDBDocumentClient,
  busName: string,
  stores: readonly Store[],
  orderId: string,
): Promise<readonly ContextCommits[]> {
  return await Promise.all(
    stores.map(async (store) => {
      const pages = await Promise.all(
        store
          .streamsOfOrder(orderId)
          .map((stream) => collected(readStream(documents, tableOn(busName, store), stream))),
      );
      return { context: store.context, commits: pages.flat() };
    }),
  );
}
