import { marshall } from '@aws-sdk/util-dynamodb';
import type { AttributeValue, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';

type Item = Readonly<Record<string, unknown>>;

/** A change of a table as its stream tells it: without an old item an insert, otherwise a modification. */
export interface Change {
  readonly before?: Item;
  readonly after: Item & { readonly pk: string; readonly sk: number };
}

/** A batch of a table's stream, with the sequence numbers `s1`, `s2` and so on. */
export function tableStreamEvent(...changes: readonly Change[]): DynamoDBStreamEvent {
  return {
    Records: changes.map(
      ({ before, after }, n): DynamoDBRecord => ({
        eventID: `change-${n + 1}`,
        eventName: before === undefined ? 'INSERT' : 'MODIFY',
        dynamodb: {
          ApproximateCreationDateTime: 1_769_860_800,
          SequenceNumber: `s${n + 1}`,
          Keys: image({ pk: after.pk, sk: after.sk }),
          NewImage: image(after),
          ...(before !== undefined && { OldImage: image(before) }),
        },
      }),
    ),
  };
}

function image(item: Item): Record<string, AttributeValue> {
  // DynamoDB's JSON is the same; only the typing of binary values differs, and there are none.
  return marshall(item, { removeUndefinedValues: true }) as Record<string, AttributeValue>;
}
