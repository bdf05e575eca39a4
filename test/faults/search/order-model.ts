import type { ShopFact, ShopOrder, ShopQueue } from '../invariants.ts';
import type { Circumstances } from './circumstances.ts';
import { type Handler, HandlerModel, isIdle, type StockTurn, type Turn } from './handler-model.ts';
import { Messages } from './messages.ts';
import { keyOf, type MessageStatus, type OrderState, stateOf } from './order-state.ts';
import { OutsideModel } from './outside-model.ts';
import { cartCheckedOut, orderCancellationRequested, type Rules, ShopModel } from './shop-model.ts';
import type { Shortages } from './stream-model.ts';

/** Something that can happen to an order. */
export interface Step {
  readonly to: number;
  /** Whether it happens sooner or later; a death or a second click need never happen. */
  readonly isDue: boolean;
  readonly stock: StockStep | undefined;
}

/** The stock that a step moves, and the step that is taken instead when there is too little. */
export interface StockStep {
  readonly changes: StockTurn['changes'];
  readonly ifShort: ((shortages: Shortages) => ToldStep) | undefined;
}

/** A step, for people. */
export interface ToldStep extends Step {
  /** Who takes it: a subscription, or somebody outside. */
  readonly who: string;
  /** What is handled. */
  readonly fact: string;
  readonly what: () => string;
}

/** What can be seen of an order, in the words of the invariants. */
export interface Outline {
  readonly order: ShopOrder;
  readonly facts: readonly ShopFact[];
  /** At rest, what still has to be handled, by subscription. */
  readonly queues: readonly ShopQueue[];
  /** Whether nothing is due any more. */
  readonly isAtRest: boolean;
}

/** All that can happen to one order. Its states stand under numbers. */
export class OrderModel {
  readonly initial: number;
  readonly #shop: ShopModel;
  readonly #messages: Messages;
  readonly #outside = new OutsideModel();
  readonly #handlers: HandlerModel;
  readonly #circumstances: Circumstances;
  readonly #numbers = new Map<string, number>();
  readonly #keys: string[] = [];
  readonly #steps: (readonly Step[] | undefined)[] = [];
  readonly #outlines = new Map<string, Outline>();

  constructor(rules: Rules, circumstances: Circumstances) {
    this.#shop = new ShopModel(rules);
    this.#messages = new Messages(this.#shop.listeners);
    this.#handlers = new HandlerModel(this.#messages, this.#outside, circumstances);
    this.#circumstances = circumstances;
    const streams = this.#shop.streams.map(({ initial }) => initial);
    this.initial = this.#numberOf({
      streams,
      done: [],
      facts: [],
      forgotten: [],
      messages: this.#fromOutside(),
      handlers: [],
    });
  }

  /** What can happen in a state. */
  steps(number: number): readonly Step[] {
    const known = this.#steps[number];
    if (known !== undefined) return known;
    // Without their words, which only a way to a violation needs.
    const steps = this.told(number).map(({ to, isDue, stock }): Step => ({ to, isDue, stock }));
    this.#steps[number] = steps;
    return steps;
  }

  /** The same for people. */
  told(number: number): readonly ToldStep[] {
    const state = this.#stateAt(number);
    return [
      ...[...state.messages.keys()].flatMap((message) => this.#deliveries(state, message)),
      ...[...new Set(state.handlers)].flatMap((handler) => this.#continuations(state, handler)),
      ...this.#lapsesOfMemory(state),
    ].filter(({ to, stock }) => to !== number || stock !== undefined);
  }

  /** The same object for states that look the same. */
  outline(number: number): Outline {
    const state = this.#stateAt(number);
    const { streams, facts, done } = state;
    const isAtRest = this.steps(number).every(({ isDue }) => !isDue);
    const due = isAtRest ? [...state.messages.keys()].filter((message) => this.#isDue(state, message)) : [];
    const key = `${streams};${facts};${done};${isAtRest};${due}`;
    const outline = this.#outlines.get(key) ?? this.#outline(streams, facts, done, due, isAtRest);
    this.#outlines.set(key, outline);
    return outline;
  }

  #outline(
    streams: readonly number[],
    facts: readonly number[],
    done: readonly number[],
    due: readonly number[],
    isAtRest: boolean,
  ): Outline {
    const told = facts.map((fact) => this.#handlers.facts.at(fact));
    const queues = due.map((message) => this.#messages.listener(message).subscription);
    return {
      order: { ...this.#shop.describe(streams, told, this.#outside.deeds({ done })), total: this.#circumstances.total },
      // Each message of a fact is handled in the end, so it was published.
      facts: told.map((fact) => ({ ...fact, published: 1 })),
      queues: [...new Set(queues)].toSorted().map((name) => {
        return { name, messages: queues.filter((other) => other === name).length, expected: 0 };
      }),
      isAtRest,
    };
  }

  /** Whether it has to be handled still. */
  #isDue(state: OrderState, message: number): boolean {
    const decision = this.#handlers.decision(state, message);
    switch (state.messages.get(message)) {
      case 'due':
        return !isIdle(decision);
      case 'doubtful':
        return decision.kind === 'notYet';
      default:
        return false;
    }
  }

  #fromOutside(): ReadonlyMap<number, MessageStatus> {
    const { total, cancellation, secondClick } = this.#circumstances;
    const cart = cartCheckedOut(total);
    const messages = new Map<number, MessageStatus>();
    for (const message of this.#messages.sent(cart)) messages.set(message, 'due');
    if (secondClick) for (const message of this.#messages.sent(cart, 2)) messages.set(message, 'optional');
    if (cancellation)
      for (const message of this.#messages.sent(orderCancellationRequested)) messages.set(message, 'optional');
    return messages;
  }

  #deliveries(state: OrderState, message: number): readonly ToldStep[] {
    const { handlersPerMessage, handlersAtOnce } = this.#circumstances;
    const others = state.handlers.filter((handler) => this.#handlers.handlers.at(handler).message === message).length;
    const hasRoom = others < handlersPerMessage && state.handlers.length < handlersAtOnce;
    const isDue = state.messages.get(message) === 'due';
    return this.#handlers
      .deliver(state, message)
      .filter(({ handler }) => hasRoom || handler === undefined)
      .map((turn) => this.#step(message, turn, isDue))
      .map((step) => (others === 0 ? step : { ...step, fact: `${step.fact}, again` }));
  }

  #continuations(state: OrderState, number: number): readonly ToldStep[] {
    const handler = this.#handlers.handlers.at(number);
    const { message } = handler;
    const others = { ...state, handlers: state.handlers.toSpliced(state.handlers.indexOf(number), 1) };
    const steps = this.#handlers.goOn(others, handler).map((turn) => this.#step(message, turn, true));
    steps.push(this.#step(message, { state: others, what: () => 'dies' }, false));
    if (this.#mayBeGivenUp(state, handler)) {
      const messages = new Map(state.messages).set(message, 'optional');
      const what = () => 'dies for the last time: its message goes to the dead-letter queue';
      steps.push(this.#step(message, { state: { ...others, messages }, what }, false));
    }
    return steps;
  }

  /** Its call is never answered: what has to be handled now is up to the operators, and to deadlines. */
  #mayBeGivenUp({ messages }: OrderState, { message, call, outcomeInHand, next }: Handler): boolean {
    if (!this.#circumstances.deadLetters || messages.get(message) !== 'due' || call === null) return false;
    return (next === 'call' || outcomeInHand) && this.#messages.listener(message).stream.mayFailForGood(call);
  }

  /** A day has passed since the last attempt of a call: whoever was at it is dead, and the memory of its key is lost. */
  #lapsesOfMemory(state: OrderState): readonly ToldStep[] {
    const { forgotten, messages } = state;
    if (forgotten.length >= this.#circumstances.forgottenKeys) return [];
    return [...messages.keys()].flatMap((message): ToldStep[] => {
      const { stream } = this.#messages.listener(message);
      const decision = this.#handlers.decision(state, message);
      if (decision.kind !== 'calls' || decision.ifTooOld === undefined) return [];
      if (this.#handlers.handlersOf(state, stream).length > 0) return [];
      const { call } = decision;
      const to = this.#numberOf(this.#outside.withForgotten(state, stream, call));
      const what = () => `forgets the key ${stream.callAt(call).key}: its last attempt is a day old`;
      return [{ to, isDue: false, stock: undefined, who: stream.outsideName, fact: '', what }];
    });
  }

  #step(message: number, { state, handler, what, stock }: Turn, isDue: boolean): ToldStep {
    const alive = handler === undefined ? [] : [this.#handlers.handlers.numberOf(handler)];
    return {
      to: this.#numberOf({ ...state, handlers: [...state.handlers, ...alive] }),
      isDue,
      stock: stock && this.#stockStep(message, stock, isDue),
      who: this.#messages.listener(message).subscription,
      fact: this.#messages.at(message).fact.type,
      what,
    };
  }

  #stockStep(message: number, { changes, ifShort }: StockTurn, isDue: boolean): StockStep {
    if (ifShort === undefined) return { changes, ifShort };
    const steps = new Map<Shortages, ToldStep>();
    return {
      changes,
      ifShort: (shortages) => {
        const step = steps.get(shortages) ?? this.#step(message, ifShort(shortages), isDue);
        steps.set(shortages, step);
        return step;
      },
    };
  }

  #stateAt(number: number): OrderState {
    return stateOf(this.#keys[number] as string);
  }

  #numberOf(state: OrderState): number {
    const key = keyOf(state);
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    this.#numbers.set(key, this.#keys.length);
    return this.#keys.push(key) - 1;
  }
}
