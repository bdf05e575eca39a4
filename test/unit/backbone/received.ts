import type { Delivery, Metadata, Received } from '../../../functions/backbone/envelope.ts';
import type { Fact } from '../../../functions/backbone/fact.ts';

/** What a test says of an event beside its fact; all else is made up. */
export type About = Partial<Omit<Metadata, 'type'>> & Partial<Pick<Delivery, 'timeGiven' | 'replay'>>;

/** A fact as a consumer receives it. */
export function received<F extends Fact>(id: string, fact: F, about: About = {}): Received<F> {
  const { timeGiven = true, replay, ...given } = about;
  const metadata: Metadata = {
    id,
    time: '2026-01-31T11:59:59.000Z',
    type: fact.type,
    source: 'toy.elsewhere',
    schemaVersion: 1,
    correlationId: `flow-of-${id}`,
    hops: 0,
    ...given,
  };
  return { ...fact, metadata, timeGiven, ...(replay !== undefined && { replay }) };
}
