import { derivedId } from '../backbone/ids.ts';
import { type StandInMemory, type StandInRecord, standIn } from '../backbone/stand-in.ts';
import type { Carrier, CarrierOutcome, Dispatch } from './carrier.ts';

export type CarrierRecord = StandInRecord<Dispatch, CarrierOutcome>;

/**
 * The built-in carrier, by the address's reference: `addr_unreachable` is refused, `addr_flaky` does not answer twice
 * and then dispatches, `addr_down` never answers, and every other is dispatched.
 */
export function carrierStandIn(memory: StandInMemory<CarrierRecord>): Carrier {
  return standIn(memory, {
    name: 'the carrier',
    reference: ({ address }) => address,
    flaky: 'addr_flaky',
    down: 'addr_down',
    outcome: outcomeOf,
    notFound: () => ({ type: 'DispatchNotFound', data: null }),
  });
}

function outcomeOf({ address, shipmentId }: Dispatch): CarrierOutcome {
  return address === 'addr_unreachable'
    ? { type: 'DispatchRefused', data: { reason: 'address_unreachable' } }
    : { type: 'Dispatched', data: { trackingCode: derivedId('track', shipmentId) } };
}
