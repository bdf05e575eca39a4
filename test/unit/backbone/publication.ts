import type { Publication } from '../../../functions/backbone/publisher.ts';

/** A fact on its way to the bus. */
export function publication(id: string, data: unknown = {}): Publication {
  return {
    metadata: {
      id,
      time: '2026-01-31T12:00:00.000Z',
      type: 'CoinKept',
      source: 'toy.jars',
      schemaVersion: 1,
      correlationId: 'flow',
      hops: 1,
    },
    data,
  };
}
