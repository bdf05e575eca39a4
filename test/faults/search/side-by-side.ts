import { deepStrictEqual } from 'node:assert/strict';
import type { AnyAggregate, OutsideCall } from '../../../functions/backbone/aggregate.ts';
import type { Fact } from '../../../functions/backbone/fact.ts';
import { foldCommits } from '../../../functions/backbone/stream.ts';
import { stockOf } from '../../../functions/inventory/stock.ts';
import { ONE_ORDER } from './circumstances.ts';
import { type Handler, HandlerModel, isIdle, type Turn } from './handler-model.ts';
import { Messages } from './messages.ts';
import type { OrderState } from './order-state.ts';
import { OutsideModel } from './outside-model.ts';
import { type RealHandler, RealShop } from './real-shop.ts';
import { cartCheckedOut, orderCancellationRequested, RULES, ShopModel, stockReceived } from './shop-model.ts';
import { StockModel } from './stock-model.ts';

/** What can be done next. */
export interface Option {
  readonly what: string;
  /** How often it is done, as against the others. */
  readonly weight: number;
  readonly take: () => Promise<void>;
}

/** How an order's way goes. */
export interface Course {
  /** Whether the customer asks to cancel it. */
  readonly cancellation: boolean;
  /** How often a handler dies, and a deadline or a cancellation comes, when all that brings it forward weighs `OFTEN`. */
  readonly deaths: number;
  readonly earlyEnds: number;
}

export const OFTEN = 60;
/** The weight of what changes nothing. */
const HARDLY = 1;

/** A handler of the model, and what it stands for. */
interface Pair {
  readonly model: Handler;
  readonly real: RealHandler;
}

/** An order of the model beside one of the real consumers: whatever is done to one is done to the other. */
export class SideBySide {
  readonly #shop = new ShopModel(RULES);
  readonly #messages = new Messages(this.#shop.listeners);
  readonly #model = new HandlerModel(this.#messages, new OutsideModel(), ONE_ORDER);
  readonly #stock = new StockModel();
  readonly #real = new RealShop();
  readonly #handled = new Set<number>();
  #state: OrderState;
  #stockState = this.#stock.initial;
  readonly #course: Course;
  #pairs: readonly Pair[] = [];

  constructor(course: Course) {
    this.#course = course;
    const cart = cartCheckedOut(2500);
    const facts = course.cancellation ? [cart, orderCancellationRequested] : [cart];
    const sent = [...facts.flatMap((fact) => this.#messages.sent(fact)), ...this.#messages.sent(cart, 2)];
    this.#state = {
      streams: this.#shop.streams.map(({ initial }) => initial),
      done: [],
      facts: [],
      forgotten: [],
      messages: new Map(sent.map((message) => [message, 'due'])),
      handlers: [],
    };
  }

  /** Whether nothing is left that would change anything. */
  get isAtRest(): boolean {
    return this.options().every(({ weight }) => weight === HARDLY);
  }

  /** All that can be done now. */
  options(): readonly Option[] {
    const stock = { what: 'stock comes in', weight: OFTEN, take: () => this.#receiveStock() };
    return [
      ...(this.#stock.isAwaited(this.#stockState) ? [stock] : []),
      ...[...this.#state.messages.keys()].flatMap((message) => this.#deliveryOf(message)),
      ...[...this.#handled].map((message) => {
        const what = `${this.#name(message)} is delivered once more`;
        return { what, weight: HARDLY, take: () => this.#repeat(message) };
      }),
      ...this.#pairs.flatMap((pair) => this.#continuationsOf(pair)),
    ];
  }

  #deliveryOf(message: number): readonly Option[] {
    if (this.#pairs.filter(({ model }) => model.message === message).length === 2) return [];
    const decision = this.#model.decision(this.#state, message);
    const isEarlyEnd = /Cancellation|Deadline/.test(this.#input(message).type);
    const weight =
      isIdle(decision) || decision.kind === 'notYet' ? HARDLY : isEarlyEnd ? this.#course.earlyEnds : OFTEN;
    return [{ what: `${this.#name(message)} is delivered`, weight, take: () => this.#deliver(message) }];
  }

  #continuationsOf(pair: Pair): readonly Option[] {
    const name = this.#name(pair.model.message);
    return [
      ...this.#model.goOn(this.#without(pair), pair.model).map((turn, index) => {
        return { what: `${name}: ${turn.what()}`, weight: OFTEN, take: () => this.#goOn(pair, index) };
      }),
      { what: `${name}: dies`, weight: this.#course.deaths, take: () => this.#die(pair) },
    ];
  }

  /** @throws AssertionError when the two are not the same */
  assertAlike(): void {
    const { order, reservation, payment, shipment } = RULES;
    const real = [this.#fold(order), this.#fold(reservation), this.#fold(payment), this.#fold(shipment)];
    const model = this.#shop.streams.map((stream) => timeless(stream.stateAt(this.#state.streams[stream.place] ?? -1)));
    deepStrictEqual(real, model);
    const waiting = this.#pairs.map(({ model: { message, next, call } }) => {
      const { key } = this.#messages.listener(message).stream.callAt(call ?? -1);
      return { for: next === 'decide' ? 'ask' : 'call', key };
    });
    deepStrictEqual(
      this.#pairs.map(({ real }) => real.waiting),
      waiting,
    );
    const [stock] = this.#stock.describe(this.#stockState);
    const { sku } = stockReceived.data;
    const { received = 0, available = 0, reserved = 0, shipped = 0 } = this.#real.store.counter(stockOf(sku));
    deepStrictEqual({ sku, received, available, reserved, shipped }, stock);
  }

  #fold<State, F extends Fact>(aggregate: AnyAggregate<State, never, F, OutsideCall>): unknown {
    const name = `${aggregate.name}#${orderCancellationRequested.data.orderId}`;
    return timeless(foldCommits(aggregate, name, this.#real.store.commits(name)).state);
  }

  async #receiveStock(): Promise<void> {
    this.#stockState = this.#stock.delivered(this.#stockState);
    await this.#real.deliver('inventory', stockReceived, 'delivery');
  }

  async #deliver(message: number): Promise<void> {
    const { stream, subscription } = this.#messages.listener(message);
    const decision = this.#model.decision(this.#state, message);
    if (decision.kind === 'commits' && isIdle(decision)) {
      // The model leaves it out. Here its cause is written, which overtakes whoever has asked.
      for (const pair of this.#pairs.filter((pair) => this.#hasAsked(pair, stream.place))) await this.#die(pair);
      await this.#real.deliver(subscription, this.#messages.at(message).fact, this.#eventId(message));
      this.#drop(message);
      return;
    }
    const [turn] = this.#model.deliver(this.#with(this.#pairs), message);
    if (turn === undefined) throw new Error(`nothing comes of ${this.#name(message)}`);
    const taken = this.#take(turn);
    if (taken.handler?.next === 'decide') this.#real.letAttemptsEnd();
    const real = await this.#real.deliver(subscription, this.#messages.at(message).fact, this.#eventId(message));
    await this.#settle(message, taken, this.#pairs, real);
  }

  /** A message that the model need not deliver any more, because its cause is in the stream. */
  async #repeat(message: number): Promise<void> {
    const { subscription } = this.#messages.listener(message);
    await this.#real.deliver(subscription, this.#messages.at(message).fact, this.#eventId(message));
  }

  async #goOn(pair: Pair, index: number): Promise<void> {
    const turn = this.#model.goOn(this.#without(pair), pair.model)[index];
    if (turn === undefined) throw new Error(`${this.#name(pair.model.message)} cannot go on like that`);
    const others = this.#pairs.filter((other) => other !== pair);
    const taken = this.#take(turn);
    if (pair.model.next !== 'call') {
      const { stream } = this.#messages.listener(pair.model.message);
      await pair.real.answer(stream.inputAt(pair.model.input));
    }
    await this.#settle(pair.model.message, taken, others, pair.real);
  }

  async #die(pair: Pair): Promise<void> {
    await pair.real.die();
    this.#pairs = this.#pairs.filter((other) => other !== pair);
  }

  /** The turn as the stock lets it be. */
  #take(turn: Turn): Turn {
    if (turn.stock === undefined) return turn;
    const changed = this.#stock.change(this.#stockState, turn.stock.changes);
    if (changed.kind === 'changed') {
      this.#stockState = changed.to;
      return turn;
    }
    if (turn.stock.ifShort === undefined) throw new Error('nothing was decided for a shortage');
    return turn.stock.ifShort(changed.shortages);
  }

  /**
   * Takes over what a turn has led to.
   *
   * @param message what was handled
   * @param others the handlers besides, as they were before
   */
  async #settle(message: number, { state, handler }: Turn, others: readonly Pair[], real: RealHandler): Promise<void> {
    const { place } = this.#messages.listener(message).stream;
    const isOvertaken = state.handlers.length < others.length;
    for (const pair of others) if (isOvertaken && this.#hasAsked(pair, place)) await pair.real.die();
    const left = others.filter((pair) => !isOvertaken || !this.#hasAsked(pair, place));
    this.#pairs = left.map((pair, index) => ({ ...pair, model: this.#model.handlers.at(state.handlers[index]) }));
    for (const sent of this.#state.messages.keys()) if (!state.messages.has(sent)) this.#handled.add(sent);
    this.#state = { ...state, handlers: [] };
    if (handler !== undefined) this.#pairs = [...this.#pairs, { model: handler, real }];
    // The real one need not wait until it comes again: time may have passed already.
    else if (real.waiting?.for === 'ask') await real.die();
  }

  /** Whether it has the answer to a question in hand, which is dropped when the stream is written before. */
  #hasAsked({ model }: Pair, place: number): boolean {
    return model.known !== null && this.#messages.listener(model.message).stream.place === place;
  }

  /** Its cause is in the stream. */
  #drop(message: number): void {
    const messages = new Map(this.#state.messages);
    messages.delete(message);
    this.#state = { ...this.#state, messages };
    this.#handled.add(message);
  }

  #without(pair: Pair): OrderState {
    return this.#with(this.#pairs.filter((other) => other !== pair));
  }

  #with(pairs: readonly Pair[]): OrderState {
    return { ...this.#state, handlers: pairs.map(({ model }) => this.#model.handlers.numberOf(model)) };
  }

  #eventId(message: number): string {
    const { fact, click } = this.#messages.at(message);
    return `${fact.type}-${click}`;
  }

  #input(message: number): Fact {
    return this.#messages.listener(message).stream.inputAt(this.#messages.at(message).input);
  }

  #name(message: number): string {
    return `${this.#eventId(message)} for ${this.#messages.listener(message).subscription}`;
  }
}

/** A state without the moments in it: in the model, time stands still. */
function timeless(state: unknown): unknown {
  return JSON.parse(JSON.stringify(state, (key, value) => (['firstMs', 'lastMs'].includes(key) ? 0 : value)));
}
