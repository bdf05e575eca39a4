import { PaymentCaptured, PaymentFailed, PaymentRefunded } from '../../schemas/generated/facts.ts';
import { type Aggregate, ask, call, commit, type Decider, type Decision, SNAPSHOTS } from '../backbone/aggregate.ts';
import type { Fact, FactsOf } from '../backbone/fact.ts';
import { derivedId } from '../backbone/ids.ts';
import type { ProviderCall, ProviderOutcome } from './provider.ts';
import type { payments } from './subscriptions.ts';

/** What is to be paid, and with what. */
interface Terms {
  readonly orderId: string;
  readonly amount: number;
  readonly currency: string;
  readonly paymentMethod: string;
}

/** A call to the provider that has been begun, and whose answer is not known. The round tells keys apart. */
interface Attempted {
  readonly kind: 'attempted';
  readonly round: number;
  readonly firstMs: number;
  readonly lastMs: number;
}

/** Nothing is under way; `round` is the number of the last call, 0 before the first. */
interface Idle {
  readonly kind: 'idle';
  readonly round: number;
}

/** A payment is charged when its terms are known and its stock is held, whichever came first. */
export interface Payment {
  readonly terms: Terms | undefined;
  readonly stockHeld: boolean;
  readonly orderCancelled: boolean;
  readonly charge:
    | Idle
    | Attempted
    | { readonly kind: 'captured'; readonly round: number }
    | { readonly kind: 'failed' };
  readonly refund: Idle | Attempted | { readonly kind: 'made' };
}

const publishes = { PaymentCaptured, PaymentFailed, PaymentRefunded };

interface Attempt {
  readonly round: number;
  readonly atMs: number;
}

export type PaymentInput = FactsOf<typeof payments.facts>;
type OwnFact =
  | Fact<'TermsNoted', Terms>
  | Fact<'StockHeldNoted', { readonly orderId: string }>
  | Fact<'OrderCancellationNoted', { readonly orderId: string }>
  | Fact<'ChargeAttempted', Attempt>
  | Fact<'ChargeLapsed', { readonly round: number }>
  | Fact<'RefundAttempted', Attempt>
  | Fact<'RefundLapsed', { readonly round: number }>;
export type PaymentFact = FactsOf<typeof publishes> | OwnFact;

/** Charges an order once, and gives the money back when the order ends without it. */
export const paymentDecider: Decider<Payment, PaymentInput | ProviderOutcome, PaymentFact, ProviderCall> = {
  initialState: {
    terms: undefined,
    stockHeld: false,
    orderCancelled: false,
    charge: { kind: 'idle', round: 0 },
    refund: { kind: 'idle', round: 0 },
  },

  evolve(payment, fact): Payment {
    switch (fact.type) {
      case 'TermsNoted':
        return { ...payment, terms: fact.data };
      case 'StockHeldNoted':
        return { ...payment, stockHeld: true };
      case 'OrderCancellationNoted':
        return { ...payment, orderCancelled: true };
      case 'ChargeAttempted':
        return { ...payment, charge: attempted(payment.charge, fact.data) };
      case 'ChargeLapsed':
        return { ...payment, charge: { kind: 'idle', round: fact.data.round } };
      case 'PaymentCaptured':
        return { ...payment, charge: { kind: 'captured', round: roundOf(payment.charge) } };
      case 'PaymentFailed':
        return { ...payment, charge: { kind: 'failed' } };
      case 'RefundAttempted':
        return { ...payment, refund: attempted(payment.refund, fact.data) };
      case 'RefundLapsed':
        return { ...payment, refund: { kind: 'idle', round: fact.data.round } };
      case 'PaymentRefunded':
        return { ...payment, refund: { kind: 'made' } };
    }
  },

  decide(payment, input, { nowMs }) {
    const learned = learn(payment, input);
    return proceed(learned.reduce(paymentDecider.evolve, payment), learned, nowMs);
  },
};

/** What an input says that the payment does not know yet. */
function learn(payment: Payment, input: PaymentInput | ProviderOutcome): readonly PaymentFact[] {
  const { terms, orderCancelled, charge, refund } = payment;
  switch (input.type) {
    case 'OrderPlaced': {
      const { orderId, total: amount, currency, paymentMethod } = input.data;
      return terms === undefined ? [{ type: 'TermsNoted', data: { orderId, amount, currency, paymentMethod } }] : [];
    }
    case 'InventoryReserved':
      return payment.stockHeld ? [] : [{ type: 'StockHeldNoted', data: { orderId: input.data.orderId } }];
    case 'OrderCancelled':
      return orderCancelled ? [] : [{ type: 'OrderCancellationNoted', data: { orderId: input.data.orderId } }];
    case 'ChargeCaptured':
      return terms !== undefined && mayComeTrue(charge) ? [captured(terms)] : [];
    case 'ChargeRefused': {
      if (terms === undefined || charge.kind !== 'attempted') return [];
      // Whoever cancelled an order is not to be told that it could not be paid.
      if (orderCancelled) return [{ type: 'ChargeLapsed', data: { round: charge.round } }];
      return [{ type: 'PaymentFailed', data: { ...receipt(terms), reason: input.data.reason } }];
    }
    case 'ChargeNotFound':
      return charge.kind === 'attempted' ? [{ type: 'ChargeLapsed', data: { round: charge.round } }] : [];
    case 'RefundMade':
      return terms !== undefined && mayComeTrue(refund) ? [{ type: 'PaymentRefunded', data: receipt(terms) }] : [];
    case 'RefundNotFound':
      return refund.kind === 'attempted' ? [{ type: 'RefundLapsed', data: { round: refund.round } }] : [];
  }
}

/** A call that was taken for lapsed may come true all the same: what has happened is never dropped. */
function mayComeTrue(call: Payment['charge'] | Payment['refund']): boolean {
  return call.kind === 'attempted' || (call.kind === 'idle' && call.round > 0);
}

/** What is due now. */
function proceed(
  payment: Payment,
  learned: readonly PaymentFact[],
  nowMs: number,
): Decision<PaymentFact, ProviderCall> {
  const { terms, stockHeld, orderCancelled, charge, refund } = payment;
  if (terms === undefined) return commit(learned);
  switch (charge.kind) {
    case 'idle': {
      if (!stockHeld || orderCancelled) return commit(learned);
      if (terms.amount === 0) return commit([...learned, captured(terms)]);
      const round = charge.round + 1;
      const intent: PaymentFact = { type: 'ChargeAttempted', data: { round, atMs: nowMs } };
      return call(chargeOf(terms, round), { learned, intent });
    }
    case 'attempted': {
      const due = chargeOf(terms, charge.round);
      // Nobody is charged for an order that is known to be cancelled, unless it has happened already.
      if (orderCancelled) return ask(due, { learned, lastAttemptMs: charge.lastMs });
      const intent: PaymentFact = { type: 'ChargeAttempted', data: { round: charge.round, atMs: nowMs } };
      return call(due, { learned, intent, before: charge });
    }
    case 'captured': {
      if (!orderCancelled || terms.amount === 0 || refund.kind === 'made') return commit(learned);
      const round = refund.kind === 'idle' ? refund.round + 1 : refund.round;
      const intent: PaymentFact = { type: 'RefundAttempted', data: { round, atMs: nowMs } };
      const before = refund.kind === 'attempted' ? refund : undefined;
      return call(refundOf(terms, charge.round, round), { learned, intent, before });
    }
    case 'failed':
      return commit(learned);
  }
}

export const payment: Aggregate<Payment, PaymentInput | ProviderOutcome, typeof publishes, OwnFact, ProviderCall> = {
  name: 'payment',
  ...paymentDecider,
  publishes,
  snapshots: SNAPSHOTS,
};

function attempted(before: Payment['charge'] | Payment['refund'], { round, atMs }: Attempt): Attempted {
  const firstMs = before.kind === 'attempted' && before.round === round ? before.firstMs : atMs;
  return { kind: 'attempted', round, firstMs, lastMs: atMs };
}

function roundOf(charge: Payment['charge']): number {
  return charge.kind === 'failed' ? 0 : charge.round;
}

function receipt({ orderId, amount, currency }: Terms) {
  return { orderId, paymentId: derivedId('pay', orderId), amount, currency };
}

function captured(terms: Terms): PaymentFact {
  return { type: 'PaymentCaptured', data: receipt(terms) };
}

function chargeOf(terms: Terms, round: number): ProviderCall {
  const { amount, currency, paymentMethod } = terms;
  return { type: 'charge', key: keyOf(terms, 'charge', round), amount, currency, paymentMethod };
}

function refundOf(terms: Terms, chargeRound: number, round: number): ProviderCall {
  const { amount, currency } = terms;
  const chargeKey = keyOf(terms, 'charge', chargeRound);
  return { type: 'refund', key: keyOf(terms, 'refund', round), amount, currency, chargeKey };
}

function keyOf(terms: Terms, what: 'charge' | 'refund', round: number): string {
  return `${receipt(terms).paymentId}/${what}/${round}`;
}
