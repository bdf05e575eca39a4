import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';

/** Whose order it is: not every fact about an order says so. */
export interface Customers {
  /** The customer of an order, or nothing when it has not been heard of yet. */
  of(orderId: string): Promise<string | undefined>;
}

/** The read model of `customers-handler.ts`. */
export class DynamoDbCustomers implements Customers {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  async of(orderId: string): Promise<string | undefined> {
    const { Item } = await this.#client.send(
      new GetCommand({ TableName: this.#table, Key: { orderId }, ConsistentRead: true }),
    );
    return typeof Item?.customerId === 'string' ? Item.customerId : undefined;
  }
}
