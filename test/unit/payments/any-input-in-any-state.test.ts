import fc from 'fast-check';
import { test } from 'vitest';
import { type PaymentInput, payment } from '../../../functions/payments/decider.ts';
import type { ProviderOutcome } from '../../../functions/payments/provider.ts';
import { InventoryReserved, OrderCancelled, OrderPlaced } from '../../../schemas/generated/facts.ts';
import { anyInputInAnyState } from '../backbone/any-input-in-any-state.ts';
import { arbitraryFact } from '../backbone/arbitrary-fact.ts';

test('a payment decides upon any input and any outcome in any state', () => {
  const inputs: fc.Arbitrary<PaymentInput | ProviderOutcome> = fc.oneof(
    arbitraryFact(OrderPlaced),
    arbitraryFact(OrderPlaced).map(({ type, data }) => ({ type, data: { ...data, total: 0 } })),
    arbitraryFact(InventoryReserved),
    arbitraryFact(OrderCancelled),
    fc.constantFrom<ProviderOutcome>(
      { type: 'ChargeCaptured', data: null },
      { type: 'ChargeRefused', data: { reason: 'declined' } },
      { type: 'ChargeNotFound', data: null },
      { type: 'RefundMade', data: null },
      { type: 'RefundNotFound', data: null },
    ),
  );
  anyInputInAnyState(payment, inputs);
});
