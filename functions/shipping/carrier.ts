import type { Fact } from '../backbone/fact.ts';
import type { Outside } from '../backbone/outside.ts';

/** What a carrier is asked to do. A dispatched shipment cannot be recalled. */
export interface Dispatch {
  readonly key: string;
  readonly shipmentId: string;
  readonly address: string;
  readonly lines: readonly { readonly sku: string; readonly quantity: number }[];
}

export type CarrierRefusal = 'address_unreachable' | 'carrier_refused';

/** What it answers. `DispatchNotFound` is the answer to a question about a dispatch that it has never seen. */
export type CarrierOutcome =
  | Fact<'Dispatched', { readonly trackingCode: string }>
  | Fact<'DispatchRefused', { readonly reason: CarrierRefusal }>
  | Fact<'DispatchNotFound', null>;

/** The port to a carrier: a real one takes the stand-in's place by implementing it. */
export type Carrier = Outside<Dispatch, CarrierOutcome>;
