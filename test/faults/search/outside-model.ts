import { Numbered } from './numbered.ts';
import type { OrderState } from './order-state.ts';
import type { StreamMachine } from './stream-model.ts';

/** Something that an outside service has really done: answering a repetition from memory is not. */
export interface Done {
  /** The place of the stream whose call it was. */
  readonly stream: number;
  readonly call: number;
  readonly outcome: number;
  /** Whether the order's money was refunded and its stock released by then. */
  readonly isLast: boolean;
}

interface Call {
  /** The place of the stream. */
  readonly stream: number;
  readonly call: number;
}

/** What outside services have done, what they remember by key, and what they know from their books. */
export class OutsideModel {
  readonly #done = new Numbered<Done>();
  readonly #forgotten = new Numbered<Call>();

  /** What has been done for an order. */
  deeds({ done }: Pick<OrderState, 'done'>): readonly Done[] {
    return done.map((one) => this.#done.at(one));
  }

  /** What came of a call, if anything did. */
  found(state: OrderState, { place }: StreamMachine, call: number): number | undefined {
    return this.deeds(state).find((one) => one.stream === place && one.call === call)?.outcome;
  }

  /** The same as a repetition with its key is told it: nothing once the key is forgotten. */
  remembered(state: OrderState, stream: StreamMachine, call: number): number | undefined {
    return this.hasForgotten(state, stream, call) ? undefined : this.found(state, stream, call);
  }

  hasForgotten({ forgotten }: OrderState, { place }: StreamMachine, call: number): boolean {
    return forgotten.map((one) => this.#forgotten.at(one)).some((one) => one.stream === place && one.call === call);
  }

  withDeed(state: OrderState, deed: Done): OrderState {
    return { ...state, done: [...state.done, this.#done.numberOf(deed)] };
  }

  withForgotten(state: OrderState, { place }: StreamMachine, call: number): OrderState {
    return { ...state, forgotten: [...state.forgotten, this.#forgotten.numberOf({ stream: place, call })] };
  }
}
