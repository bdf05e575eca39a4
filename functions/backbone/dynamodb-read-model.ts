import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { type ItemUpdate, NEWEST, type ReadModel } from './read-model.ts';

/** A read model in a DynamoDB table: one write an update, two when something newer was there before. */
export class DynamoDbReadModel implements ReadModel {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #key: string;

  /** @param key the name of the table's partition key */
  constructor(client: DynamoDBDocumentClient, { table, key }: { table: string; key: string }) {
    this.#client = client;
    this.#table = table;
    this.#key = key;
  }

  async apply(update: ItemUpdate): Promise<void> {
    try {
      await this.#write(update);
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      // Something newer was there before: all but the guarded fields still counts.
      const { newest: _, ...unguarded } = update;
      await this.#write(unguarded);
    }
  }

  async #write({ id, once = {}, newest, member }: ItemUpdate): Promise<void> {
    const names: Record<string, string> = {};
    const values: Record<string, unknown> = {};
    const sets: string[] = [];
    const set = (field: string, value: unknown, expression = (name: string, value: string) => `${name} = ${value}`) => {
      const [name, placeholder] = [`#f${sets.length}`, `:f${sets.length}`];
      names[name] = field;
      values[placeholder] = value;
      sets.push(expression(name, placeholder));
    };
    for (const [field, value] of Object.entries(once)) {
      if (value !== undefined) set(field, value, (name, value) => `${name} = if_not_exists(${name}, ${value})`);
    }
    if (member !== undefined) set(member.key, member.value);
    for (const [field, value] of Object.entries(newest?.fields ?? {})) set(field, value);
    if (newest !== undefined) {
      set(NEWEST, newest.sequence);
      names['#newest'] = NEWEST;
      values[':newest'] = newest.sequence;
    }
    if (sets.length === 0) return;
    await this.#client.send(
      new UpdateCommand({
        TableName: this.#table,
        Key: { [this.#key]: id },
        UpdateExpression: `SET ${sets.join(', ')}`,
        ExpressionAttributeNames: names,
        ExpressionAttributeValues: values,
        ...(newest && { ConditionExpression: 'attribute_not_exists(#newest) OR #newest < :newest' }),
      }),
    );
  }
}
