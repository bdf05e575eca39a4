import type { Fact } from '../backbone/fact.ts';
import type { Outside } from '../backbone/outside.ts';

interface Charge {
  readonly type: 'charge';
  readonly key: string;
  readonly amount: number;
  readonly currency: string;
  readonly paymentMethod: string;
}

interface Refund {
  readonly type: 'refund';
  readonly key: string;
  readonly amount: number;
  readonly currency: string;
  readonly chargeKey: string;
}

/** What a payment provider is asked to do. Amounts are integers in the currency's minor unit. */
export type ProviderCall = Charge | Refund;

export type RefusalReason = 'declined' | 'insufficient_funds' | 'expired';

/** What it answers. `…NotFound` is the answer to a question about a call that it has never seen. */
export type ProviderOutcome =
  | Fact<'ChargeCaptured', null>
  | Fact<'ChargeRefused', { readonly reason: RefusalReason }>
  | Fact<'ChargeNotFound', null>
  | Fact<'RefundMade', null>
  | Fact<'RefundNotFound', null>;

/** The port to a payment provider: a real one takes the stand-in's place by implementing it. */
export type PaymentProvider = Outside<ProviderCall, ProviderOutcome>;
