import type { Fact } from '../../../functions/backbone/fact.ts';
import { Numbered } from './numbered.ts';
import type { Listener } from './shop-model.ts';

/** A fact on its way to one of those who listen to it. */
export interface Message {
  /** The place of the listener. */
  readonly listener: number;
  readonly fact: Fact;
  /** What the listener takes it for. */
  readonly input: number;
  /** Tells a second click from the first. */
  readonly click: number;
}

/** The messages that facts become, under numbers. */
export class Messages {
  readonly #listeners: readonly Listener[];
  readonly #messages = new Numbered<Message>();

  constructor(listeners: readonly Listener[]) {
    this.#listeners = listeners;
  }

  /**
   * One for each that listens to the fact.
   *
   * @param click the number of the event, when a fact from outside is told under more than one event id
   */
  sent(fact: Fact, click = 1): readonly number[] {
    return this.#listeners.flatMap(({ takes }, listener) => {
      const input = takes(fact);
      return input === undefined ? [] : [this.#messages.numberOf({ listener, fact, input, click })];
    });
  }

  at(message: number): Message {
    return this.#messages.at(message);
  }

  listener(message: number): Listener {
    const { listener } = this.#messages.at(message);
    return this.#listeners[listener] as Listener;
  }
}
