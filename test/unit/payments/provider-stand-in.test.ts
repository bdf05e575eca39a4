import { expect, test } from 'vitest';
import { InMemoryStandInMemory } from '../../../functions/backbone/in-memory-stand-in-memory.ts';
import type { ProviderCall } from '../../../functions/payments/provider.ts';
import { type ProviderRecord, providerStandIn } from '../../../functions/payments/provider-stand-in.ts';

const charge = (paymentMethod: string, key = 'k'): ProviderCall => ({
  type: 'charge',
  key,
  amount: 5,
  currency: 'EUR',
  paymentMethod,
});
const refund: ProviderCall = { type: 'refund', key: 'r', amount: 5, currency: 'EUR', chargeKey: 'k' };
const standIn = () => providerStandIn(new InMemoryStandInMemory<ProviderRecord>());
const captured = { type: 'ChargeCaptured', data: null };

test.each(['tok_ok', 'tok_anything', 'constructor', '__proto__', 'toString'])('%s is captured', async (method) => {
  expect(await standIn().perform(charge(method))).toEqual(captured);
});

test.each([
  ['tok_declined', 'declined'],
  ['tok_insufficient_funds', 'insufficient_funds'],
  ['tok_expired', 'expired'],
])('%s is refused as %s', async (method, reason) => {
  expect(await standIn().perform(charge(method))).toEqual({ type: 'ChargeRefused', data: { reason } });
});

test('tok_flaky does not answer twice, and then captures', async () => {
  const provider = standIn();

  await expect(provider.perform(charge('tok_flaky'))).rejects.toMatchObject({ name: 'NoAnswer' });
  await expect(provider.perform(charge('tok_flaky'))).rejects.toMatchObject({ name: 'NoAnswer' });
  expect(await provider.perform(charge('tok_flaky'))).toEqual(captured);
});

test('tok_down never answers', async () => {
  const provider = standIn();

  for (const _ of [1, 2, 3, 4, 5])
    await expect(provider.perform(charge('tok_down'))).rejects.toMatchObject({ name: 'NoAnswer' });
});

test('a repetition is answered with the first result', async () => {
  const provider = standIn();
  await provider.perform(charge('tok_ok'));

  expect(await provider.perform(charge('tok_declined'))).toEqual(captured);
});

test('it can be asked what it charged and refunded, and what it did not', async () => {
  const provider = standIn();

  expect(await provider.ask(charge('tok_ok'))).toEqual({ type: 'ChargeNotFound', data: null });
  expect(await provider.ask(refund)).toEqual({ type: 'RefundNotFound', data: null });
  await provider.perform(charge('tok_ok'));
  await provider.perform(refund);
  expect(await provider.ask(charge('tok_ok'))).toEqual(captured);
  expect(await provider.ask(refund)).toEqual({ type: 'RefundMade', data: null });
});
