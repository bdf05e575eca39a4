import type { ProviderCall, ProviderOutcome } from '../../functions/payments/provider.ts';
import type { CarrierOutcome, Dispatch } from '../../functions/shipping/carrier.ts';
import type { OutsideCalls, UnansweredCalls } from './outside.ts';

const charge =
  (paymentMethod: string) =>
  (key: string): ProviderCall => ({ type: 'charge', key, amount: 2_500, currency: 'EUR', paymentMethod });

/** Charges, by the payment methods that the built-in provider knows. */
export const chargesToTheStandIn: OutsideCalls<ProviderCall, ProviderOutcome> & UnansweredCalls<ProviderCall> = {
  done: { call: charge('tok_ok'), outcome: 'ChargeCaptured' },
  refused: { call: charge('tok_declined'), outcome: 'ChargeRefused' },
  notFound: 'ChargeNotFound',
  flaky: charge('tok_flaky'),
  down: charge('tok_down'),
};

const dispatch =
  (address: string) =>
  (key: string): Dispatch => ({ key, shipmentId: `ship-${key}`, address, lines: [{ sku: 'mug', quantity: 2 }] });

/** Dispatches, by the addresses that the built-in carrier knows. */
export const dispatchesByTheStandIn: OutsideCalls<Dispatch, CarrierOutcome> & UnansweredCalls<Dispatch> = {
  done: { call: dispatch('addr_ok'), outcome: 'Dispatched' },
  refused: { call: dispatch('addr_unreachable'), outcome: 'DispatchRefused' },
  notFound: 'DispatchNotFound',
  flaky: dispatch('addr_flaky'),
  down: dispatch('addr_down'),
};
