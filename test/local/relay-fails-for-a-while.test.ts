import {
  GetFunctionConfigurationCommand,
  LambdaClient,
  UpdateFunctionConfigurationCommand,
  waitUntilFunctionUpdatedV2,
} from '@aws-sdk/client-lambda';
import { expect, test } from 'vitest';
import { waitFor } from '../../localstack/shop/wait.ts';
import { busName, cartOf, checkOut, commitsOf, orderEnds, stocked, tables } from './shop.ts';

const lambda = new LambdaClient({ maxAttempts: 5 });
const FunctionName = `${busName}-shipping-relay`;

/** Gives the function this handler, and waits until it is in force. */
async function setHandler(Handler: string): Promise<void> {
  await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Handler }));
  await waitUntilFunctionUpdatedV2({ client: lambda, maxWaitTime: 30 }, { FunctionName });
}

test('what was committed while the relay failed is published once it works again', async () => {
  const { Handler = '' } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
  const sku = await stocked(1);
  let orderId: string;
  await setHandler('missing.handler');
  try {
    orderId = await checkOut(cartOf(sku));
    await waitFor('the shipment to be committed', async () => {
      const commits = await commitsOf(tables.shipping, `shipment#${orderId}`);
      return commits.some(({ facts }) => facts.some(({ type }) => type === 'ShipmentDispatched')) ? true : undefined;
    });
    const facts = (await commitsOf(tables.orders, `order#${orderId}`)).flatMap(({ facts }) => facts);
    const told = facts.filter(({ published }) => published !== undefined).map(({ type }) => type);
    expect(told).toEqual(['OrderPlaced', 'OrderConfirmed']);
  } finally {
    await setHandler(Handler);
  }
  expect((await orderEnds(orderId)).status).toBe('shipped');
});
