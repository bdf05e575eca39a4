import { type Payment, payment } from '../../functions/payments/decider.ts';
import type { ProviderCall, ProviderOutcome } from '../../functions/payments/provider.ts';
import { InventoryReserved, OrderCancelled, OrderPlaced } from '../../schemas/generated/facts.ts';
import { answered, heard, type Outcomes, portrait } from './portrait.ts';

const states = {
  'nothing known': 'passing',
  'terms known': 'passing',
  'stock held': 'passing',
  charging: 'passing',
  refused: 'end',
  captured: 'end',
  'refund due': 'passing',
  refunding: 'passing',
  refunded: 'end',
  'charge in doubt': 'passing',
  'charge lapsed': 'end',
  'never charged': 'end',
} as const;

function nameOf({ terms, stockHeld, orderCancelled, charge, refund }: Payment): keyof typeof states {
  switch (charge.kind) {
    case 'idle':
      if (charge.round > 0) return 'charge lapsed';
      if (orderCancelled) return 'never charged';
      if (terms !== undefined) return 'terms known';
      return stockHeld ? 'stock held' : 'nothing known';
    case 'attempted':
      return orderCancelled ? 'charge in doubt' : 'charging';
    case 'captured':
      // Nothing is to be given back of an order of nothing.
      return orderCancelled && terms?.amount !== 0 ? nameOfRefund(refund) : 'captured';
    case 'failed':
      return 'refused';
  }
}

function nameOfRefund({ kind }: Payment['refund']): keyof typeof states {
  switch (kind) {
    case 'idle':
      return 'refund due';
    case 'attempted':
      return 'refunding';
    case 'made':
      return 'refunded';
  }
}

const outcome = {
  captured: { type: 'ChargeCaptured', data: null },
  refused: { type: 'ChargeRefused', data: { reason: 'declined' } },
  chargeNotFound: { type: 'ChargeNotFound', data: null },
  refunded: { type: 'RefundMade', data: null },
  refundNotFound: { type: 'RefundNotFound', data: null },
} as const satisfies Readonly<Record<string, ProviderOutcome>>;

function outcomes({ type: name }: ProviderCall): Outcomes<ProviderOutcome> {
  switch (name) {
    case 'charge':
      return { name, performed: [outcome.captured, outcome.refused], notFound: outcome.chargeNotFound };
    case 'refund':
      return { name, performed: [outcome.refunded], notFound: outcome.refundNotFound };
  }
}

/** From the second on, all rounds are alike. */
function alike<Call extends Payment['charge'] | Payment['refund']>(call: Call): Call {
  return 'round' in call ? { ...call, round: Math.min(call.round, 1) } : call;
}

export const paymentPortrait = portrait({
  aggregate: payment,
  file: 'functions/payments/decider.ts',
  about:
    'A payment is charged once its terms are known and its stock is held, whichever comes first, and refunded when its order is cancelled after all. A cancellation that meets an open charge calls no more: it asks what became of it.',
  states,
  nameOf,
  essenceOf: (payment) => ({ ...payment, charge: alike(payment.charge), refund: alike(payment.refund) }),
  inputs: {
    OrderPlaced: heard(OrderPlaced),
    InventoryReserved: heard(InventoryReserved),
    OrderCancelled: heard(OrderCancelled),
    ChargeCaptured: answered(outcome.captured),
    ChargeRefused: answered(outcome.refused),
    ChargeNotFound: answered(outcome.chargeNotFound),
    RefundMade: answered(outcome.refunded),
    RefundNotFound: answered(outcome.refundNotFound),
  },
  outcomes,
});
