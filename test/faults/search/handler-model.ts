import type { CounterChange } from '../../../functions/backbone/event-store.ts';
import type { Fact } from '../../../functions/backbone/fact.ts';
import { InventoryReleased, PaymentRefunded } from '../../../schemas/generated/facts.ts';
import type { ShopFact } from '../invariants.ts';
import type { Circumstances } from './circumstances.ts';
import type { Messages } from './messages.ts';
import { Numbered } from './numbered.ts';
import type { OrderState } from './order-state.ts';
import type { OutsideModel } from './outside-model.ts';
import type { Answer, Shortages, StreamMachine, Written } from './stream-model.ts';

/** A delivery of a message that is being handled. */
export interface Handler {
  readonly message: number;
  readonly next: 'load' | 'decide' | 'call' | 'ask';
  /** What it decides upon: what its message says, or an outcome. */
  readonly input: number;
  /** Whether that is the outcome of a call of its own, which is never dropped. */
  readonly outcomeInHand: boolean;
  /** What it loaded, or wrote itself; null when it is going to load. */
  readonly known: { readonly state: number; readonly cause: boolean; readonly isCurrent: boolean } | null;
  /** The call that it makes, has made, or asks about. */
  readonly call: number | null;
  /** The calls that it has committed an attempt of. */
  readonly attempted: readonly number[];
}

/** What a handler may do next. */
export interface Turn {
  /** What it leaves, without the handler. */
  readonly state: OrderState;
  /** Nothing when it has come to its end, or failed: what is not handled comes again. */
  readonly handler?: Handler;
  /** For people. */
  readonly what: () => string;
  /** Whether others may come between this and what it does then. */
  readonly pauses?: boolean;
  readonly stock?: StockTurn;
}

/** The stock that a turn moves, and the turn that is taken instead when there is too little. */
export interface StockTurn {
  readonly changes: readonly CounterChange[];
  readonly ifShort: ((shortages: Shortages) => Turn) | undefined;
}

type Told = Pick<ShopFact, 'stream'> & Fact;

interface Published {
  readonly told: readonly number[];
  readonly sent: readonly number[];
}

/**
 * The loop of a `StreamReactor` around one event, as turns between which others may come. What it need not be searched
 * for is not here: batches are single events between which nobody comes, and what a warm function assumes leads to a
 * write that fails unless it is what a load would bring.
 */
export class HandlerModel {
  readonly facts = new Numbered<Told>();
  readonly handlers = new Numbered<Handler>(handlerKey);
  readonly #messages: Messages;
  readonly #outside: OutsideModel;
  readonly #publications = new Map<readonly Fact[], Published>();
  readonly #isFineGrained: boolean;
  readonly #isFenced: boolean;

  constructor(messages: Messages, outside: OutsideModel, { grain, fence }: Circumstances) {
    this.#messages = messages;
    this.#outside = outside;
    this.#isFineGrained = grain === 'loads and calls';
    this.#isFenced = fence === 'kept';
  }

  /** A message is delivered: what may come of that until others may come in between. */
  deliver(state: OrderState, message: number): readonly Turn[] {
    const { input } = this.#messages.at(message);
    return this.goOn(state, {
      message,
      next: 'load',
      input,
      outcomeInHand: false,
      known: null,
      call: null,
      attempted: [],
    });
  }

  /**
   * A handler goes on, until others may come in between.
   *
   * @param state without the handler
   */
  goOn(state: OrderState, handler: Handler): readonly Turn[] {
    return this.#turns(state, handler).flatMap((turn) => {
      if (turn.handler === undefined || turn.pauses) return [turn];
      return this.goOn(turn.state, turn.handler);
    });
  }

  /** What is decided of the event itself, by what the stream is now. */
  decision(state: OrderState, message: number): Answer {
    const { stream } = this.#messages.listener(message);
    return this.#answer(state, stream, stateOf(state, stream), this.#messages.at(message).input);
  }

  handlersOf({ handlers }: OrderState, stream: StreamMachine): readonly Handler[] {
    return handlers
      .map((handler) => this.handlers.at(handler))
      .filter(({ message }) => this.#messages.listener(message).stream === stream);
  }

  #turns(state: OrderState, handler: Handler): readonly Turn[] {
    switch (handler.next) {
      case 'load':
        return [this.#load(state, handler)];
      case 'decide':
        return [this.#decide(state, handler)];
      case 'call':
        return this.#call(state, handler);
      case 'ask':
        return [this.#ask(state, handler)];
    }
  }

  #load(state: OrderState, handler: Handler): Turn {
    const { stream } = this.#messages.listener(handler.message);
    const cause = !state.messages.has(handler.message);
    const known = { state: stateOf(state, stream), cause, isCurrent: true };
    return { state, handler: { ...handler, next: 'decide', known }, what: () => 'loads', pauses: this.#isFineGrained };
  }

  #decide(state: OrderState, handler: Handler): Turn {
    const { message, outcomeInHand } = handler;
    const known = knownTo(handler);
    const { stream } = this.#messages.listener(message);
    if (known.cause && !outcomeInHand) return { state, what: () => 'is a duplicate' };
    const answer = this.#answer(state, stream, known.state, handler.input);
    switch (answer.kind) {
      case 'notYet':
        return { state, what: () => 'comes too early' };
      case 'skips':
        return this.#skip(state, handler);
      case 'commits': {
        // Of the event itself nothing follows whenever it comes: see `#withDoubts`.
        const leavesNothing =
          known.cause || (!this.#isFineGrained && handler.input === this.#messages.at(message).input);
        if (answer.facts.length === 0 && leavesNothing) return { state, what: () => 'has nothing to add' };
        if (!known.isCurrent) return this.#loseRace(state, handler);
        const { counters, ifShort } = answer;
        const committed = this.#commit(state, handler, answer);
        if (counters.length === 0) return committed;
        const instead = ifShort && ((shortages: Shortages) => this.#commit(state, handler, ifShort(shortages)));
        return { ...committed, stock: { changes: counters, ifShort: instead } };
      }
      case 'calls': {
        if (!known.isCurrent) return this.#loseRace(state, handler);
        const { call, to } = answer;
        const attempted = [...new Set([...handler.attempted, call])].sort((a, b) => a - b);
        const after = this.#isFineGrained ? { ...known, state: to } : null;
        return {
          state: this.#write(state, stream, answer),
          handler: this.#answered(state, { ...handler, next: 'call', call, attempted, known: after }),
          what: () => `${this.#words(handler, answer)}, and is about to call ${stream.callAt(call).key}`,
          pauses: true,
        };
      }
      case 'asks': {
        const { call, to, facts } = answer;
        const asking: Handler = { ...handler, next: 'ask', call, outcomeInHand: false };
        if (facts.length === 0) return { state, handler: asking, what: () => '', pauses: this.#isFineGrained };
        if (!known.isCurrent) return this.#loseRace(state, handler);
        const written = this.#write(state, stream, answer);
        const what = () => this.#words(handler, answer);
        // Whether it asks now, or after others and when it comes again, is one to everybody.
        if (!this.#isFineGrained) return { state: written, what: () => `${what()}, and has to wait` };
        return { state: written, handler: { ...asking, known: { ...known, state: to } }, what, pauses: true };
      }
    }
  }

  /** With the cause in the stream, every other delivery of the message is a duplicate: it need not come any more. */
  #commit(state: OrderState, handler: Handler, written: Written): Turn {
    const { message } = handler;
    const { stream } = this.#messages.listener(message);
    const after = this.#write(state, stream, written);
    const messages = new Map(after.messages);
    messages.delete(message);
    return { state: { ...after, messages }, what: () => this.#words(handler, written) };
  }

  /** Without a cause in the stream, another delivery of the message would be decided again. */
  #skip(state: OrderState, { message }: Handler): Turn {
    const what = () => 'has nothing to do any more';
    if (!this.#isFineGrained || !state.messages.has(message)) return { state, what };
    return { state: { ...state, messages: new Map(state.messages).set(message, 'optional') }, what };
  }

  /** What is in hand is decided upon again; all else starts again from the event. */
  #loseRace(state: OrderState, handler: Handler): Turn {
    const { input } = this.#messages.at(handler.message);
    const again: Handler = { ...handler, next: 'load', known: null };
    return {
      state,
      handler: handler.outcomeInHand ? again : { ...again, input, call: null },
      what: () => 'loses the race for the next version',
      pauses: true,
    };
  }

  #call(state: OrderState, handler: Handler): readonly Turn[] {
    const { stream } = this.#messages.listener(handler.message);
    const call = callOf(handler);
    const remembered = this.#outside.remembered(state, stream, call);
    const outcomes = remembered === undefined ? stream.outcomes(call) : [remembered];
    return outcomes.map((outcome) => {
      return {
        state: remembered === undefined ? this.#done(state, stream, call, outcome) : state,
        handler: this.#inHand(handler, outcome),
        what: () => `calls ${stream.callAt(call).key}: ${stream.inputAt(outcome).type}`,
        pauses: true,
      };
    });
  }

  #done(before: OrderState, { place }: StreamMachine, call: number, outcome: number): OrderState {
    const told = before.facts.map((fact) => this.facts.at(fact).type);
    const isLast = told.includes(PaymentRefunded.type) && told.includes(InventoryReleased.type);
    const state = this.#outside.withDeed(before, { stream: place, call, outcome, isLast });
    const handlers = state.handlers.map((number) => {
      const handler = this.handlers.at(number);
      const answered = this.#answered(state, handler);
      return answered === handler ? number : this.handlers.numberOf(answered);
    });
    return { ...state, handlers };
  }

  /**
   * A repetition that is answered from memory changes nothing, and its answer is always the same: when it is answered is
   * one to everybody, so it is at once.
   */
  #answered(state: OrderState, handler: Handler): Handler {
    if (this.#isFineGrained || handler.next !== 'call') return handler;
    const { stream } = this.#messages.listener(handler.message);
    const remembered = this.#outside.remembered(state, stream, callOf(handler));
    return remembered === undefined ? handler : this.#inHand(handler, remembered);
  }

  #inHand(handler: Handler, outcome: number): Handler {
    return { ...handler, next: this.#isFineGrained ? 'decide' : 'load', input: outcome, outcomeInHand: true };
  }

  #ask(state: OrderState, handler: Handler): Turn {
    const { stream } = this.#messages.listener(handler.message);
    const call = callOf(handler);
    const { key } = stream.callAt(call);
    // Its answer would be dropped, whatever it is.
    if (!knownTo(handler).isCurrent) return this.#loseRace(state, handler);
    const isUnderWay = this.handlersOf(state, stream).some(({ attempted }) => attempted.includes(call));
    if (isUnderWay && this.#isFenced) return { state, what: () => `has to wait for ${key}` };
    const outcome = this.#outside.found(state, stream, call) ?? stream.notFound(call);
    return {
      state,
      handler: { ...handler, next: 'decide', input: outcome },
      what: () => `asks what became of ${key}: ${stream.inputAt(outcome).type}`,
      pauses: true,
    };
  }

  #write(state: OrderState, stream: StreamMachine, { to, facts }: Written): OrderState {
    const { told, sent } = this.#published(stream, facts);
    const messages = new Map(state.messages);
    for (const message of sent) messages.set(message, 'due');
    const after = {
      ...state,
      streams: state.streams.with(stream.place, to),
      messages,
      facts: [...state.facts, ...told],
      handlers: this.#overtaken(state, stream),
    };
    return this.#isFineGrained ? after : this.#withDoubts(state, after, stream);
  }

  /**
   * A message of which nothing follows leaves nothing behind whenever it is delivered, so that it is no step. When
   * something would follow from it later, it may have been delivered before or not.
   */
  #withDoubts(before: OrderState, after: OrderState, stream: StreamMachine): OrderState {
    const messages = new Map(after.messages);
    for (const [message, status] of before.messages) {
      const isAsBefore = this.#messages.listener(message).stream !== stream || status !== 'due';
      if (isAsBefore || !isIdle(this.decision(before, message)) || isIdle(this.decision(after, message))) continue;
      messages.set(message, 'doubtful');
    }
    return { ...after, messages };
  }

  /** What others are told of facts, and the messages that they become. A decision that is met again is the same array. */
  #published(stream: StreamMachine, facts: readonly Fact[]): Published {
    const known = this.#publications.get(facts);
    if (known !== undefined) return known;
    const published = facts.filter((fact) => stream.isPublished(fact));
    const told = published.map(({ type, data }) => this.facts.numberOf({ stream: stream.name, type, data }));
    const publication = { told, sent: published.flatMap((fact) => this.#messages.sent(fact)) };
    this.#publications.set(facts, publication);
    return publication;
  }

  /** What others know of a stream is not current any more once it is written. */
  #overtaken({ handlers }: OrderState, stream: StreamMachine): readonly number[] {
    return handlers.flatMap((number) => {
      const handler = this.handlers.at(number);
      const { known, message } = handler;
      if (known === null || this.#messages.listener(message).stream !== stream) return [number];
      if (this.#isFineGrained) return [this.handlers.numberOf({ ...handler, known: { ...known, isCurrent: false } })];
      // It is going to lose the race, and then it is as good as not delivered yet.
      return [];
    });
  }

  /** The repetition of a call whose key is forgotten becomes a question. */
  #answer(state: OrderState, stream: StreamMachine, known: number, input: number): Answer {
    const answer = stream.answer(known, input);
    if (answer.kind !== 'calls' || answer.ifTooOld === undefined) return answer;
    if (!this.#outside.hasForgotten(state, stream, answer.call)) return answer;
    return { kind: 'asks', ...answer.ifTooOld, call: answer.call };
  }

  #words({ message, input }: Handler, { facts }: Written): string {
    const { stream } = this.#messages.listener(message);
    const isOutcome = input !== this.#messages.at(message).input;
    const inHand = isOutcome ? `with ${stream.inputAt(input).type} in hand ` : '';
    const names = facts.map(({ type, data }) => {
      return typeof data === 'object' && data !== null && 'reason' in data ? `${type} (${data.reason})` : type;
    });
    return `${inHand}${names.length === 0 ? 'takes note' : `commits ${names.join(', ')}`}`;
  }
}

/** Whether nothing follows. */
export function isIdle(answer: Answer): boolean {
  return answer.kind === 'skips' || (answer.kind === 'commits' && answer.facts.length === 0);
}

function stateOf({ streams }: OrderState, { place }: StreamMachine): number {
  return streams[place] as number;
}

function knownTo({ known }: Handler): NonNullable<Handler['known']> {
  if (known === null) throw new Error('a handler goes on with what it has not loaded');
  return known;
}

function callOf({ call }: Handler): number {
  if (call === null) throw new Error('a handler goes on with a call, and has none');
  return call;
}

function handlerKey({ message, next, input, outcomeInHand, known, call, attempted }: Handler): string {
  const knows = known && `${known.state} ${known.cause} ${known.isCurrent}`;
  return `${message} ${next} ${input} ${outcomeInHand} ${knows} ${call} ${attempted}`;
}
