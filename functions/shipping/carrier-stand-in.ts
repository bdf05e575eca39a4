import { FLAKY_FAILURES, NoAnswer, type StandInMemory } from '../backbone/stand-in.ts';
import type { Carrier, CarrierOutcome, Dispatch } from './carrier.ts';

/** A key's call beside its outcome: what was dispatched can be read from the memory. */
export interface CarrierRecord {
  readonly call: Dispatch;
  readonly outcome: CarrierOutcome;
}

/**
 * The built-in carrier, by the address's reference: `addr_unreachable` is refused, `addr_flaky` does not answer twice
 * and then dispatches, `addr_down` never answers, and every other is dispatched.
 */
export function carrierStandIn(memory: StandInMemory<CarrierRecord>): Carrier {
  return {
    async perform(call) {
      const { times, result } = await memory.called(call.key);
      if (result !== undefined) return result.outcome;
      if (call.address === 'addr_down' || (call.address === 'addr_flaky' && times <= FLAKY_FAILURES)) {
        throw new NoAnswer(`the carrier does not answer for ${call.address} (call ${times} of ${call.key})`);
      }
      return (await memory.keep(call.key, { call, outcome: outcomeOf(call) })).outcome;
    },

    async ask({ key }) {
      return (await memory.find(key))?.outcome ?? { type: 'DispatchNotFound', data: null };
    },

    keysKeptMs: 24 * 3600 * 1000,
  };
}

function outcomeOf({ address, shipmentId }: Dispatch): CarrierOutcome {
  return address === 'addr_unreachable'
    ? { type: 'DispatchRefused', data: { reason: 'address_unreachable' } }
    : { type: 'Dispatched', data: { trackingCode: `track-${shipmentId}`.slice(0, 64) } };
}
