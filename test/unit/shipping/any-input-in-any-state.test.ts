import fc from 'fast-check';
import { test } from 'vitest';
import type { CarrierOutcome } from '../../../functions/shipping/carrier.ts';
import { type ShipmentInput, shipment } from '../../../functions/shipping/decider.ts';
import { OrderConfirmed } from '../../../schemas/generated/facts.ts';
import { anyInputInAnyState } from '../backbone/any-input-in-any-state.ts';
import { arbitraryFact } from '../backbone/arbitrary-fact.ts';

test('a shipment decides upon any input and any outcome in any state', () => {
  const inputs: fc.Arbitrary<ShipmentInput | CarrierOutcome> = fc.oneof(
    arbitraryFact(OrderConfirmed),
    fc.constant<ShipmentInput>({ type: 'DispatchDeadlinePassed', data: { orderId: 'order-c1' } }),
    fc.constantFrom<CarrierOutcome>(
      { type: 'Dispatched', data: { trackingCode: 'track-1' } },
      { type: 'DispatchRefused', data: { reason: 'carrier_refused' } },
      { type: 'DispatchNotFound', data: null },
    ),
  );
  anyInputInAnyState(shipment, inputs);
});
