import { expect, test } from 'vitest';
import { InMemoryStandInMemory } from '../../../functions/backbone/in-memory-stand-in-memory.ts';
import { type CarrierRecord, carrierStandIn } from '../../../functions/shipping/carrier-stand-in.ts';
import { shippingConsumer } from '../../../functions/shipping/consumer.ts';
import { ManualClock } from '../../manual-clock.ts';
import { invocation } from '../backbone/invocation.ts';
import { numberedIds } from '../backbone/numbered-ids.ts';
import { received } from '../backbone/received.ts';
import { ScriptedEventStore } from '../backbone/scripted-event-store.ts';
import { orderConfirmed } from '../orders/mug-order.ts';

function scene() {
  const store = new ScriptedEventStore();
  const memory = new InMemoryStandInMemory<CarrierRecord>();
  const ports = { store, clock: new ManualClock(), ids: numberedIds(), functionTimeoutMs: 30_000 };
  const confirmed = (shippingAddress: string) =>
    received('confirmed', { ...orderConfirmed, data: { ...orderConfirmed.data, shippingAddress } });
  const handle = async (address: string): Promise<string[]> => {
    const consumer = shippingConsumer(ports, carrierStandIn(memory));
    const settled = await Promise.allSettled(consumer.handle([confirmed(address)], invocation()));
    return settled.map((one) => (one.status === 'fulfilled' ? 'done' : one.reason.name));
  };
  return { store, memory, handle, told: () => store.told('shipment#order-c1') };
}

test('addr_flaky does not answer twice; then the parcel goes, once', async () => {
  const { memory, handle, told } = scene();

  expect(await handle('addr_flaky')).toEqual(['NoAnswer']);
  expect(await handle('addr_flaky')).toEqual(['NoAnswer']);
  expect(await handle('addr_flaky')).toEqual(['done']);
  expect(await handle('addr_flaky')).toEqual(['done']);

  expect(told()).toEqual([
    'DispatchDue DispatchAttempted',
    'DispatchAttempted',
    'DispatchAttempted',
    'ShipmentDispatched',
  ]);
  expect(memory.ledger).toHaveLength(1);
});

test('addr_down never answers', async () => {
  const { memory, handle } = scene();

  for (const _ of [1, 2, 3, 4]) expect(await handle('addr_down')).toEqual(['NoAnswer']);

  expect(memory.ledger).toHaveLength(0);
});

test('addr_unreachable is refused', async () => {
  const { handle, told } = scene();

  expect(await handle('addr_unreachable')).toEqual(['done']);

  expect(told()).toEqual(['DispatchDue DispatchAttempted', 'ShipmentFailed']);
});

test.each(['the intent', 'the outcome'])('a crash at %s sends no second parcel', async (what) => {
  const { store, memory, handle, told } = scene();
  const lost = 'takes effect, and its answer is lost';
  store.nextAppends(what === 'the intent' ? lost : 'undisturbed', what === 'the outcome' ? lost : 'undisturbed');

  expect(await handle('addr_ok')).toEqual(['StoreFailure']);
  expect(await handle('addr_ok')).toEqual(['done']);

  expect(told().at(-1)).toBe('ShipmentDispatched');
  expect(memory.ledger).toHaveLength(1);
});

test("the tracking code is an id, however long the order's is", async () => {
  const carrier = carrierStandIn(new InMemoryStandInMemory<CarrierRecord>());
  const call = { key: 'k', shipmentId: 's'.repeat(64), address: 'addr_ok', lines: [] };

  expect(await carrier.perform(call)).toMatchObject({
    data: { trackingCode: expect.stringMatching(/^[A-Za-z0-9._:-]{1,64}$/) },
  });
});
