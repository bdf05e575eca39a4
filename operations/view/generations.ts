import { ListTablesCommand, type ListTablesCommandOutput, ResourceNotFoundException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { type Clock, timestamp } from '../../functions/backbone/clock.ts';
import { currentGeneration } from '../../functions/order-view/current-generation.ts';
import {
  type Generation,
  generationNamed,
  orderViewOf,
  READ_MODELS_TABLE,
} from '../../functions/order-view/generations.ts';
import { orderView } from '../../functions/order-view/subscriptions.ts';
import { sourceQueueOn } from '../catalogue.ts';

type Place = { readonly documents: DynamoDBDocumentClient; readonly busName: string };

/** Which generations of the order view there are on a stage. */
export interface Views {
  /** The one that is read. */
  readonly current: Generation;
  /** Those that have a table, lowest first: of one that is no longer deployed a durable stage keeps it. */
  readonly tables: readonly Generation[];
}

/** The table of a generation. */
export function viewTableOn(busName: string, generation: Generation): string {
  return sourceQueueOn(busName, orderViewOf(generation));
}

/** The table of the generation that is read. */
export async function currentViewTable(place: Place): Promise<string> {
  const { current } = await viewsOn(place);
  return viewTableOn(place.busName, current);
}

/** Finds the generations; the current one is the first that there is, until another was switched to. */
export async function viewsOn({ documents, busName }: Place): Promise<Views> {
  const [switchedTo, tables] = await Promise.all([
    switchedGeneration(documents, `${busName}-${READ_MODELS_TABLE}`),
    tablesOn(documents, busName),
  ]);
  return { current: switchedTo ?? tables[0] ?? 1, tables };
}

/**
 * Lets another generation be read from now on.
 *
 * @throws ConditionalCheckFailedException when meanwhile somebody else has switched
 */
export async function switchView(
  { documents, busName }: Place,
  { from, to }: { readonly from: Generation; readonly to: Generation },
  clock: Clock,
): Promise<void> {
  await documents.send(
    new UpdateCommand({
      TableName: `${busName}-${READ_MODELS_TABLE}`,
      Key: { readModel: orderView.name },
      UpdateExpression: 'SET #current = :to, #previous = :from, #at = :at',
      ConditionExpression: 'attribute_not_exists(#current) OR #current = :from',
      ExpressionAttributeNames: { '#current': 'current', '#previous': 'previous', '#at': 'switchedAt' },
      ExpressionAttributeValues: { ':from': from, ':to': to, ':at': timestamp(clock.now()) },
    }),
  );
}

/** What a rebuild fills: a generation that waits for it, or else one that there never was. */
export function nextGeneration({ current, tables }: Views, isDeployed: (one: Generation) => boolean): Generation {
  return tables.find((one) => one > current && isDeployed(one)) ?? Math.max(current, ...tables) + 1;
}

async function switchedGeneration(documents: DynamoDBDocumentClient, table: string): Promise<Generation | undefined> {
  try {
    return await currentGeneration(documents, table);
  } catch (error) {
    // A stage that was deployed before there were generations has the first.
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

async function tablesOn(documents: DynamoDBDocumentClient, busName: string): Promise<readonly Generation[]> {
  const found: Generation[] = [];
  const prefix = `${busName}-${orderView.name}`;
  // Names come in their order: behind the last of ours there is none.
  for (let after: string | undefined = prefix.slice(0, -1); after?.startsWith(prefix.slice(0, -1)); ) {
    const page: ListTablesCommandOutput = await documents.send(
      new ListTablesCommand({ ExclusiveStartTableName: after }),
    );
    const names = page.TableNames ?? [];
    const own = names.filter((name) => name.startsWith(prefix)).map((name) => name.slice(busName.length + 1));
    found.push(...own.flatMap((name) => generationNamed(name) ?? []));
    after = page.LastEvaluatedTableName;
  }
  return found.sort((one, other) => one - other);
}
