import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { type Status, TIMELINE } from './projection.ts';

/** A line of an order's timeline. */
export interface TimelineEntry {
  readonly id: string;
  readonly type: string;
  readonly source: string;
  readonly time: string;
  readonly causationId: string | null;
}

/** An order as people ask for it. */
export interface OrderView {
  readonly orderId: string;
  /** Absent while nothing of the order's own stream has arrived. */
  readonly status?: Status;
  readonly customerId?: string;
  readonly cartId?: string;
  readonly currency?: string;
  readonly total?: number;
  readonly lines?: readonly { readonly sku: string; readonly quantity: number; readonly unitPrice: number }[];
  readonly paymentId?: string;
  readonly shipmentId?: string;
  readonly trackingCode?: string;
  /** Why it was cancelled. */
  readonly reason?: string;
  /** By time. */
  readonly timeline: readonly TimelineEntry[];
  /** The time of the timeline's newest line. */
  readonly lastUpdated: string;
}

/** Reads an order from the view's table. */
export async function readOrder(
  client: DynamoDBDocumentClient,
  table: string,
  orderId: string,
): Promise<OrderView | undefined> {
  const { Item } = await client.send(new GetCommand({ TableName: table, Key: { orderId } }));
  return Item === undefined ? undefined : toOrderView(Item);
}

/** Folds an item's lines into a timeline. `lastUpdated` follows from them, so that it commutes as they do. */
export function toOrderView(item: Readonly<Record<string, unknown>>): OrderView {
  const { newest: _, statusBucket: __, statusTime: ___, ...fields } = item;
  const own = Object.entries(fields).filter(([name]) => !name.startsWith(TIMELINE));
  const timeline = Object.entries(fields)
    .filter(([name]) => name.startsWith(TIMELINE))
    // Written by the projection, whose every line has this shape.
    .map(([name, line]) => ({ ...(line as Omit<TimelineEntry, 'id'>), id: name.slice(TIMELINE.length) }))
    .sort((one, other) => one.time.localeCompare(other.time) || one.id.localeCompare(other.id));
  const lastUpdated = timeline.at(-1)?.time ?? '';
  return {
    ...(Object.fromEntries(own) as unknown as Omit<OrderView, 'timeline' | 'lastUpdated'>),
    timeline,
    lastUpdated,
  };
}
