import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import type { Generation } from './generations.ts';
import { orderView } from './subscriptions.ts';

/**
 * Asks which generation is to be read: it may be another one at any time, and no deployment tells.
 *
 * @param table the stage's `read-models`
 * @returns undefined while nothing was ever switched: then it is the first that was deployed
 */
export async function currentGeneration(
  client: DynamoDBDocumentClient,
  table: string,
): Promise<Generation | undefined> {
  const { Item } = await client.send(
    new GetCommand({ TableName: table, Key: { readModel: orderView.name }, ConsistentRead: true }),
  );
  return typeof Item?.current === 'number' ? Item.current : undefined;
}
