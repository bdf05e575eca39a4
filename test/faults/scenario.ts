import type { OrderCancelled } from '../../schemas/generated/facts.ts';
import type { Call, Fault } from '../simulation/faults.ts';
import type { World } from '../simulation/world.ts';
import type { Shop } from './shop-world.ts';

/** How an order ends. */
export type End = 'shipped' | OrderCancelled['reason'];

/** Something that fails for a while, by itself, as part of a story. */
export interface Outage {
  readonly fault: Fault;
  /** Which calls fail. */
  readonly strikes: (call: Omit<Call, 'fault'>) => boolean;
  /** Until so many seconds have passed since the world began. */
  readonly untilSeconds: number;
}

/** A story of the shop: what is sent, and what comes of it when nothing goes wrong but what belongs to the story. */
export interface Scenario {
  readonly name: string;
  /** One sentence, for people. */
  readonly story: string;
  /** Sends what starts it. */
  readonly begin: (world: World<Shop>) => void;
  /** @default nothing fails */
  readonly outages?: readonly Outage[];
  /**
   * The end of each order, by its id; where it depends on who is first, each that it may come to.
   * With faults, an order may come to another end, but to one that the invariants allow.
   */
  readonly ends: Readonly<Record<string, readonly End[]>>;
}
