import type { Consumer } from './consumer.ts';
import type { Received } from './envelope.ts';
import type { Fact, FactOf, FactTypes } from './fact.ts';
import type { ItemUpdate, ReadModel } from './read-model.ts';
import type { Subscription } from './subscription.ts';

/** What a fact changes in the read model, if anything; for each fact of the subscription and for no other. */
export type Projections<Facts extends FactTypes> = {
  readonly [Name in keyof Facts]: (fact: Received<FactOf<Facts[Name]>>) => ItemUpdate | undefined;
};

/**
 * The kind of consumer that keeps a read model. A duplicate is harmless because every update commutes and is
 * idempotent; see `ItemUpdate`.
 */
export function projector<Facts extends FactTypes>(
  subscription: Subscription<Facts>,
  projections: Projections<Facts>,
  readModel: ReadModel,
): Consumer<Facts> {
  // A fact's type chose its projection, so it is what the projection takes; the compiler cannot follow that.
  const project = (fact: Received<Fact>) =>
    (projections[fact.type as keyof Facts] as unknown as (fact: Received<Fact>) => ItemUpdate | undefined)(fact);
  return {
    subscription,
    handle: (events) =>
      events.map(async (event) => {
        const update = project(event);
        if (update !== undefined) await readModel.apply(update);
      }),
  };
}
