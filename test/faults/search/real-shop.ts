import type { OutsideCall } from '../../../functions/backbone/aggregate.ts';
import type { Consumer } from '../../../functions/backbone/consumer.ts';
import { readEvent } from '../../../functions/backbone/envelope.ts';
import type { Fact, FactTypes } from '../../../functions/backbone/fact.ts';
import { InMemoryEventStore } from '../../../functions/backbone/in-memory-event-store.ts';
import { ATTEMPT_MARGIN_MS, type Outside } from '../../../functions/backbone/outside.ts';
import type { ReactorPorts } from '../../../functions/backbone/stream-reactor.ts';
import { inventoryConsumer } from '../../../functions/inventory/consumer.ts';
import {
  ordersConsumer,
  ordersDeadlineConsumer,
  ordersSettlementConsumer,
} from '../../../functions/orders/consumer.ts';
import { paymentsConsumer } from '../../../functions/payments/consumer.ts';
import type { ProviderCall, ProviderOutcome } from '../../../functions/payments/provider.ts';
import type { CarrierOutcome, Dispatch } from '../../../functions/shipping/carrier.ts';
import { shippingConsumer, shippingDeadlineConsumer } from '../../../functions/shipping/consumer.ts';
import { ManualClock } from '../../manual-clock.ts';
import { eventBridgeMessage } from '../../unit/backbone/eventbridge-message.ts';
import { invocation } from '../../unit/backbone/invocation.ts';
import { numberedIds } from '../../unit/backbone/numbered-ids.ts';

const PROVIDER_OUTCOMES: readonly ProviderOutcome[] = [
  { type: 'ChargeCaptured', data: null },
  { type: 'ChargeRefused', data: { reason: 'declined' } },
  { type: 'ChargeNotFound', data: null },
  { type: 'RefundMade', data: null },
  { type: 'RefundNotFound', data: null },
];

const CARRIER_OUTCOMES: readonly CarrierOutcome[] = [
  { type: 'Dispatched', data: { trackingCode: 'track-1' } },
  { type: 'DispatchRefused', data: { reason: 'carrier_refused' } },
  { type: 'DispatchNotFound', data: null },
];

const FUNCTION_TIMEOUT_MS = 30_000;

/** The shop's real consumers on a store in memory, each delivery in an instance of its own. */
export class RealShop {
  readonly store = new InMemoryEventStore();
  readonly #clock = new ManualClock();
  readonly #ids = numberedIds('fact');

  /**
   * Delivers a fact, and waits until its handler has ended or waits for the outside.
   *
   * @param eventId equal for deliveries of one event
   */
  async deliver(subscription: string, fact: Fact, eventId: string): Promise<RealHandler> {
    const handler = new RealHandler();
    await handler.run(() => this.#handle(subscription, fact, eventId, handler));
    return handler;
  }

  /** Lets so much time pass that no attempt can be under way any more. */
  letAttemptsEnd(): void {
    this.#clock.advance(FUNCTION_TIMEOUT_MS + ATTEMPT_MARGIN_MS);
  }

  #handle(subscription: string, fact: Fact, eventId: string, handler: RealHandler): Promise<void> {
    const ports: ReactorPorts = {
      store: this.store,
      clock: this.#clock,
      ids: this.#ids,
      functionTimeoutMs: FUNCTION_TIMEOUT_MS,
    };
    const carrier = () => handler.outside<Dispatch, CarrierOutcome>(CARRIER_OUTCOMES);
    const provider = () => handler.outside<ProviderCall, ProviderOutcome>(PROVIDER_OUTCOMES);
    switch (subscription) {
      case 'orders':
        return this.#react(ordersConsumer(ports), fact, eventId);
      case 'orders-deadline':
        return this.#react(ordersDeadlineConsumer(ports), fact, eventId);
      case 'orders-settlement':
        return this.#react(ordersSettlementConsumer(ports), fact, eventId);
      case 'inventory':
        return this.#react(inventoryConsumer(ports), fact, eventId);
      case 'payments':
        return this.#react(paymentsConsumer(ports, provider()), fact, eventId);
      case 'shipping':
        return this.#react(shippingConsumer(ports, carrier()), fact, eventId);
      case 'shipping-deadline':
        return this.#react(shippingDeadlineConsumer(ports, carrier()), fact, eventId);
      default:
        throw new Error(`nobody consumes ${subscription}`);
    }
  }

  async #react<Facts extends FactTypes>(
    { subscription, handle }: Consumer<Facts>,
    { type, data }: Fact,
    eventId: string,
  ): Promise<void> {
    const source = subscription.facts[type]?.source;
    const body = eventBridgeMessage({ metadata: { id: eventId }, data }, { 'detail-type': type, source });
    await Promise.all(handle([readEvent(subscription, body, this.#clock)], invocation()));
  }
}

/** Where a handler waits: for what comes of a call, or for what became of one. */
export interface Waiting {
  readonly for: 'call' | 'ask';
  readonly key: string;
}

/** A delivery that is being handled. Its calls to the outside are held until they are answered here. */
export class RealHandler {
  /** What it waits for; nothing when it has ended. */
  waiting: Waiting | undefined;
  #answer: (outcome: Fact) => void = () => {};
  #fail: () => void = () => {};
  #paused: () => void = () => {};

  /** An outside that holds its calls. */
  outside<Call extends OutsideCall, Outcome extends Fact>(outcomes: readonly Outcome[]): Outside<Call, Outcome> {
    const hold = (waiting: Waiting): Promise<Outcome> => {
      const { promise, resolve, reject } = Promise.withResolvers<Outcome>();
      this.#answer = ({ type }) => {
        const outcome = outcomes.find((one) => one.type === type);
        if (outcome === undefined) throw new Error(`${type} never comes of a call`);
        resolve(outcome);
      };
      this.#fail = () => reject(new Error('there is no answer'));
      this.waiting = waiting;
      this.#paused();
      return promise;
    };
    return {
      perform: ({ key }) => hold({ for: 'call', key }),
      ask: ({ key }) => hold({ for: 'ask', key }),
      keysKeptMs: Number.POSITIVE_INFINITY,
    };
  }

  /** Runs until it has ended, well or not, or waits. */
  async run(handle: () => Promise<void>): Promise<void> {
    await this.#untilItPauses(() => {
      const ended = () => this.#paused();
      handle().then(ended, ended);
    });
  }

  /** Answers what it waits for. */
  async answer(outcome: Fact): Promise<void> {
    await this.#untilItPauses(() => this.#answer(outcome));
  }

  /** Never answers what it waits for: it ends there. */
  async die(): Promise<void> {
    await this.#untilItPauses(() => this.#fail());
  }

  async #untilItPauses(go: () => void): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#paused = resolve;
    this.waiting = undefined;
    go();
    await promise;
  }
}
