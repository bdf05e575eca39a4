import type { Context } from 'aws-lambda';
import type { Received } from './envelope.ts';
import type { Fact, FactsOf, FactTypes } from './fact.ts';
import type { Subscription } from './subscription.ts';

/** Handles a batch of events; each promise is that of the event at its place. */
export type BatchHandler<Handled extends Fact> = (
  events: readonly Received<Handled>[],
  invocation: Context,
) => readonly Promise<void>[];

/** A subscription with what handles its facts: made by `reactor`, `projector` or `effect`. */
export interface Consumer<Facts extends FactTypes = FactTypes> {
  readonly subscription: Subscription<Facts>;
  readonly handle: BatchHandler<FactsOf<Facts>>;
}
