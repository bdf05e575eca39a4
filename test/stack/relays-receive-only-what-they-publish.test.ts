import { describe, expect, it } from 'vitest';
import {
  type FunctionProperties,
  type MappingProperties,
  type Resource,
  referred,
  resourcesOf,
  templateOf,
} from './synthesised.ts';

const template = templateOf('dev');
const functions = resourcesOf<FunctionProperties>(template, 'AWS::Lambda::Function');
const tables = resourcesOf<{ TableName: string; StreamSpecification?: unknown }>(template, 'AWS::DynamoDB::Table');
const mappings = Object.values(resourcesOf<MappingProperties>(template, 'AWS::Lambda::EventSourceMapping'));

function mappingOf(relay: string): Resource<MappingProperties> | undefined {
  return mappings.find(
    ({ Properties }) => functions[referred(Properties.FunctionName)]?.Properties.FunctionName === relay,
  );
}

function filtersOf(relay: string): readonly unknown[] | undefined {
  return mappingOf(relay)?.Properties.FilterCriteria?.Filters.map(({ Pattern }) => JSON.parse(Pattern));
}

const commits = { eventName: ['INSERT'], dynamodb: { NewImage: { published: { N: [{ exists: true }] } } } };

describe('a relay', () => {
  it.each(['orders', 'payments', 'shipping'])('receives new commits that have facts to publish: %s', (context) => {
    expect(filtersOf(`factbus-${context}-relay`)).toEqual([commits]);
  });

  it('receives the counters that came down to nothing as well: inventory', () => {
    const emptied = { eventName: ['MODIFY'], dynamodb: { NewImage: { available: { N: ['0'] } } } };

    expect(filtersOf('factbus-inventory-relay')).toEqual([commits, emptied]);
  });

  it.each(['orders', 'inventory', 'payments', 'shipping'])("reads its own context's stream: %s", (context) => {
    const table = tables[referred(mappingOf(`factbus-${context}-relay`)?.Properties.EventSourceArn)];

    expect(table?.Properties).toMatchObject({
      TableName: `factbus-${context}`,
      StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
    });
  });

  it.each(['orders', 'inventory', 'payments', 'shipping'])('knows where to publish, and as whom: %s', (context) => {
    const relay = Object.values(functions).find(
      ({ Properties }) => Properties.FunctionName === `factbus-${context}-relay`,
    );

    expect(relay?.Properties.Environment.Variables).toMatchObject({
      EVENT_SOURCE: `shop.${context}`,
      EVENT_BUS_NAME: { Ref: expect.stringMatching(/^BusEventBus/) },
      RELAY_DLQ_URL: { Ref: expect.stringMatching(/RelayDeadLetterQueue/) },
      POWERTOOLS_SERVICE_NAME: context,
    });
  });
});
