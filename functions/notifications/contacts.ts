import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';

/** How a customer is reached. */
export interface Contact {
  readonly email: string;
}

/** The contact vault: the only place that knows a person behind a `customerId`. */
export interface Contacts {
  find(customerId: string): Promise<Contact | undefined>;
}

/** The vault in a DynamoDB table with the partition key `customerId`. */
export class DynamoDbContacts implements Contacts {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  async find(customerId: string): Promise<Contact | undefined> {
    const { Item } = await this.#client.send(
      new GetCommand({ TableName: this.#table, Key: { customerId }, ConsistentRead: true }),
    );
    return typeof Item?.email === 'string' ? { email: Item.email } : undefined;
  }
}
