import { describe, expect, it } from 'vitest';
import { deadLettersOn, sourceQueueOn, tableOn } from '../../operations/catalogue.ts';
import { shop } from '../../operations/shop.ts';
import { type QueueProperties, resourcesOf, templateOf } from './synthesised.ts';

interface FunctionProperties {
  readonly Environment?: { readonly Variables?: Readonly<Record<string, unknown>> };
}

const template = templateOf('dev');
const queues = Object.values(resourcesOf<QueueProperties>(template, 'AWS::SQS::Queue')).map(
  ({ Properties }) => Properties.QueueName,
);
const tables = Object.values(resourcesOf<{ TableName: string }>(template, 'AWS::DynamoDB::Table')).map(
  ({ Properties }) => Properties.TableName,
);
const functions = Object.values(resourcesOf<FunctionProperties>(template, 'AWS::Lambda::Function'));
const variables = functions.map(({ Properties }) => Properties.Environment?.Variables ?? {});

describe('the command line knows', () => {
  it('every queue of the stack, and no other', () => {
    const sources = shop.subscriptions.map((subscription) => sourceQueueOn('factbus', subscription));
    const known = [...sources, ...deadLettersOn('factbus', shop).map(({ queueName }) => queueName)];
    expect(known.sort()).toEqual(queues.map((name) => name.replace(/\.fifo$/, '')).sort());
  });

  it('every table of streams', () => {
    const known = shop.stores.map((store) => tableOn('factbus', store));
    expect(tables).toEqual(expect.arrayContaining(known));
    const relayed = variables.filter(({ EVENT_SOURCE }) => EVENT_SOURCE !== undefined);
    expect(relayed).toHaveLength(known.length);
  });

  it('under which source each relay publishes', () => {
    const sources = variables.flatMap(({ EVENT_SOURCE }) => (EVENT_SOURCE === undefined ? [] : [EVENT_SOURCE]));
    expect(shop.stores.map(({ source }) => source).sort()).toEqual(sources.sort());
  });
});
