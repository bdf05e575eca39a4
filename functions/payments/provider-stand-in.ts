import { FLAKY_FAILURES, NoAnswer, type StandInMemory } from '../backbone/stand-in.ts';
import type { PaymentProvider, ProviderCall, ProviderOutcome, RefusalReason } from './provider.ts';

const REFUSED: ReadonlyMap<string, RefusalReason> = new Map([
  ['tok_declined', 'declined'],
  ['tok_insufficient_funds', 'insufficient_funds'],
  ['tok_expired', 'expired'],
]);

/** A key's call beside its outcome: what was charged and refunded can be read from the memory. */
export interface ProviderRecord {
  readonly call: ProviderCall;
  readonly outcome: ProviderOutcome;
}

/**
 * The built-in payment provider, by the payment method's reference: `tok_declined`, `tok_insufficient_funds` and
 * `tok_expired` are refused, `tok_flaky` does not answer twice and then captures, `tok_down` never answers, and every
 * other is captured.
 */
export function providerStandIn(memory: StandInMemory<ProviderRecord>): PaymentProvider {
  return {
    async perform(call) {
      const { times, result } = await memory.called(call.key);
      if (result !== undefined) return result.outcome;
      const method = call.type === 'charge' ? call.paymentMethod : undefined;
      if (method === 'tok_down' || (method === 'tok_flaky' && times <= FLAKY_FAILURES)) {
        throw new NoAnswer(`the payment provider does not answer for ${method} (call ${times} of ${call.key})`);
      }
      return (await memory.keep(call.key, { call, outcome: outcomeOf(call) })).outcome;
    },

    async ask(call) {
      const found = await memory.find(call.key);
      if (found !== undefined) return found.outcome;
      return { type: call.type === 'charge' ? 'ChargeNotFound' : 'RefundNotFound', data: null };
    },

    keysKeptMs: 24 * 3600 * 1000,
  };
}

function outcomeOf(call: ProviderCall): ProviderOutcome {
  if (call.type === 'refund') return { type: 'RefundMade', data: null };
  const reason = REFUSED.get(call.paymentMethod);
  return reason === undefined ? { type: 'ChargeCaptured', data: null } : { type: 'ChargeRefused', data: { reason } };
}
