import { describe, expect, it } from 'vitest';
import { PUBLISHED_COMMITS } from '../../lib/backbone/stream-filter.ts';
import { shop } from '../faults/shop-world.ts';
import { type EventStoreProps, World } from '../simulation/world.ts';
import {
  type FunctionProperties,
  type MappingProperties,
  type QueueProperties,
  referred,
  resourcesOf,
  templateOf,
} from './synthesised.ts';

const template = templateOf('dev');
const queues = Object.values(resourcesOf<QueueProperties>(template, 'AWS::SQS::Queue')).map((one) => one.Properties);
const functions = resourcesOf<FunctionProperties>(template, 'AWS::Lambda::Function');
const mappings = Object.values(resourcesOf<MappingProperties>(template, 'AWS::Lambda::EventSourceMapping'));

/** What the shop's world says of its event stores. */
const stores: EventStoreProps[] = [];
const world = new World((site) => {
  const eventStore: typeof site.eventStore = (props) => {
    stores.push(props);
    return site.eventStore(props);
  };
  return shop({ ...site, eventStore });
});

describe("the shop's world", () => {
  it('has the queues that are deployed, with their delays, visibility and receives', () => {
    const deployed = queues
      .filter(({ RedrivePolicy }) => RedrivePolicy !== undefined)
      .map(({ QueueName, DelaySeconds, VisibilityTimeout, RedrivePolicy, FifoQueue = false }) => ({
        name: QueueName.replace(/^factbus-/, ''),
        delaySeconds: DelaySeconds,
        visibilitySeconds: VisibilityTimeout,
        maxReceives: RedrivePolicy?.maxReceiveCount,
        isFifo: FifoQueue,
      }));
    const simulated = world.queues.map(({ name, settings }) => ({ name, ...settings }));

    expect(sorted(simulated)).toEqual(sorted(deployed));
  });

  it('has the relays that are deployed, and they receive the same', () => {
    const deployed = mappings.flatMap(({ Properties: { FunctionName, FilterCriteria } }) => {
      const { FunctionName: name, Environment } = functions[referred(FunctionName)]?.Properties ?? {};
      if (FilterCriteria === undefined) return [];
      const filters = FilterCriteria.Filters.map(({ Pattern }): unknown => JSON.parse(Pattern));
      return { name, source: Environment?.Variables.EVENT_SOURCE, filters };
    });
    const simulated = stores.map(({ context, source, relayAlso = [] }) => ({
      name: `factbus-${context}-relay`,
      source,
      filters: [PUBLISHED_COMMITS, ...relayAlso],
    }));

    expect(sorted(simulated)).toEqual(sorted(deployed));
  });
});

function sorted<Named extends { readonly name?: string | undefined }>(all: readonly Named[]): readonly Named[] {
  return all.toSorted((one, other) => String(one.name).localeCompare(String(other.name)));
}
