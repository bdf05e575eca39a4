import { type StandInMemory, type StandInRecord, standIn } from '../backbone/stand-in.ts';
import type { PaymentProvider, ProviderCall, ProviderOutcome, RefusalReason } from './provider.ts';

const REFUSED: ReadonlyMap<string, RefusalReason> = new Map([
  ['tok_declined', 'declined'],
  ['tok_insufficient_funds', 'insufficient_funds'],
  ['tok_expired', 'expired'],
]);

export type ProviderRecord = StandInRecord<ProviderCall, ProviderOutcome>;

/**
 * The built-in payment provider, by the payment method's reference: `tok_declined`, `tok_insufficient_funds` and
 * `tok_expired` are refused, `tok_flaky` does not answer twice and then captures, `tok_down` never answers, and every
 * other is captured.
 */
export function providerStandIn(memory: StandInMemory<ProviderRecord>): PaymentProvider {
  return standIn(memory, {
    name: 'the payment provider',
    reference: (call) => (call.type === 'charge' ? call.paymentMethod : undefined),
    flaky: 'tok_flaky',
    down: 'tok_down',
    outcome: outcomeOf,
    notFound: ({ type }) => ({ type: type === 'charge' ? 'ChargeNotFound' : 'RefundNotFound', data: null }),
  });
}

function outcomeOf(call: ProviderCall): ProviderOutcome {
  if (call.type === 'refund') return { type: 'RefundMade', data: null };
  const reason = REFUSED.get(call.paymentMethod);
  return reason === undefined ? { type: 'ChargeCaptured', data: null } : { type: 'ChargeRefused', data: { reason } };
}
