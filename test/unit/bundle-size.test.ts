import { buildSync } from 'esbuild';
import { expect, test } from 'vitest';
import { BUNDLING } from '../../lib/backbone/bundle.ts';

/** A function that holds the three clients of the backbone and sends one command with each. */
const CLIENTS = `
  import { DynamoDBClient, PutItemCommand, QueryCommand, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
  import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
  import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
  export const handler = async (event) => {
    const client = new DynamoDBClient({});
    await client.send(new QueryCommand(event));
    await client.send(new PutItemCommand(event));
    await client.send(new TransactWriteItemsCommand(event));
    await new EventBridgeClient({}).send(new PutEventsCommand(event));
    await new SQSClient({}).send(new SendMessageCommand(event));
  };
`;

const MOST = 1.25;

function bytes(input: { entryPoints: string[] } | { stdin: { contents: string; resolveDir: string } }): number {
  const { outputFiles } = buildSync({ ...BUNDLING, mainFields: [...BUNDLING.mainFields], ...input });
  return outputFiles.find(({ path }) => path.endsWith('.mjs'))?.contents.byteLength ?? 0;
}

test.each(['orders', 'inventory', 'payments', 'shipping'])(
  `the bundle of %s is at most ${MOST} times that of the three SDK clients alone`,
  (context) => {
    const clients = bytes({ stdin: { contents: CLIENTS, resolveDir: BUNDLING.absWorkingDir } });
    const reactor = bytes({ entryPoints: [`functions/${context}/handler.ts`] });
    const ratio = (reactor / clients).toFixed(3);
    console.info(`${context}: ${reactor} bytes; the clients alone: ${clients} bytes; ratio ${ratio}`);
    expect(reactor).toBeLessThanOrEqual(clients * MOST);
  },
);
