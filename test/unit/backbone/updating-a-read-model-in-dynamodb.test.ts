import { expect, test } from 'vitest';
import { DynamoDbReadModel } from '../../../functions/backbone/dynamodb-read-model.ts';
import { refusal, ScriptedDynamoDb } from './scripted-dynamodb.ts';

function scene() {
  const dynamoDb = new ScriptedDynamoDb();
  return { dynamoDb, readModel: new DynamoDbReadModel(dynamoDb.client, { table: 'views', key: 'jarId' }) };
}

const update = {
  id: 'jar-1',
  once: { owner: 'ann', colour: undefined },
  member: { key: 'fact#f1', value: 'filled' },
  newest: { sequence: 4, fields: { status: 'full' } },
};

test('one write: what is there once stays, and the newest wins by its sequence', async () => {
  const { dynamoDb, readModel } = scene();

  await readModel.apply(update);

  expect(dynamoDb.requests).toEqual([
    {
      operation: 'UpdateItem',
      input: {
        TableName: 'views',
        Key: { jarId: { S: 'jar-1' } },
        UpdateExpression: 'SET #f0 = if_not_exists(#f0, :f0), #f1 = :f1, #f2 = :f2, #f3 = :f3',
        ConditionExpression: 'attribute_not_exists(#newest) OR #newest < :newest',
        ExpressionAttributeNames: {
          '#f0': 'owner',
          '#f1': 'fact#f1',
          '#f2': 'status',
          '#f3': 'newest',
          '#newest': 'newest',
        },
        ExpressionAttributeValues: {
          ':f0': { S: 'ann' },
          ':f1': { S: 'filled' },
          ':f2': { S: 'full' },
          ':f3': { N: '4' },
          ':newest': { N: '4' },
        },
      },
    },
  ]);
});

test('when something newer was there, all but the guarded fields still counts', async () => {
  const { dynamoDb, readModel } = scene();
  dynamoDb.answers.push(refusal('ConditionalCheckFailedException'));

  await readModel.apply(update);

  const { ConditionExpression, UpdateExpression, ExpressionAttributeNames } = dynamoDb.requests[1]?.input ?? {};
  expect({ ConditionExpression, UpdateExpression, ExpressionAttributeNames }).toEqual({
    UpdateExpression: 'SET #f0 = if_not_exists(#f0, :f0), #f1 = :f1',
    ExpressionAttributeNames: { '#f0': 'owner', '#f1': 'fact#f1' },
  });
});

test('an update that says nothing is no write', async () => {
  const { dynamoDb, readModel } = scene();

  await readModel.apply({ id: 'jar-1', once: { owner: undefined } });

  expect(dynamoDb.requests).toEqual([]);
});

test('whatever else goes wrong is thrown', async () => {
  const { dynamoDb, readModel } = scene();
  dynamoDb.answers.push(refusal('ResourceNotFoundException'));

  await expect(readModel.apply(update)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});
