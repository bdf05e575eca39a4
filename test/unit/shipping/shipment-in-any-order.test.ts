import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AppendScript } from '../backbone/scripted-event-store.ts';
import { LoadingDock } from './loading-dock.ts';
import type { Mishap } from './unreliable-carrier.ts';

const mishap = fc.constantFrom<Mishap & AppendScript>(
  'fails before it takes effect',
  'takes effect, and its answer is lost',
);
const calls = fc.array(fc.option(mishap, { nil: 'none' as const }), { maxLength: 8 });
const appends = fc.array(fc.option(mishap, { nil: 'undisturbed' as const }), { maxLength: 10 });

/** What comes at the same time: to which function, under which ids. */
interface Turn {
  readonly dispatch: readonly (readonly string[])[];
  readonly deadline: readonly (readonly string[])[];
  /** Then passes: nothing, the fence, the provider's memory. */
  readonly waitMs: number;
}
const ids = fc.array(fc.constantFrom('confirmed', 'confirmed again'), { minLength: 1, maxLength: 2 });
const turns: fc.Arbitrary<readonly Turn[]> = fc.array(
  fc.record({
    dispatch: fc.array(ids, { maxLength: 2 }),
    deadline: fc.array(ids, { maxLength: 2 }),
    waitMs: fc.constantFrom(0, 1_000, 60_000, 91_000, 23.9 * 3600_000, 25 * 3600_000),
  }),
  { maxLength: 8 },
);

interface Scene {
  readonly address: string;
  readonly turns: readonly Turn[];
  readonly calls: readonly Mishap[];
  readonly appends: readonly AppendScript[];
}
const scenes: fc.Arbitrary<Scene> = fc.record({
  address: fc.constantFrom('addr_ok', 'addr_unreachable', 'addr_flaky', 'addr_down'),
  turns,
  calls,
  appends,
});

/** What was told of the shipment, held against what the carrier really did. */
function hold({ published, carrier }: LoadingDock) {
  const types = published.map(({ type }) => type);
  expect(types.length).toBeLessThanOrEqual(1);
  expect(carrier.parcels).toBeLessThanOrEqual(1);
  if (types.includes('ShipmentDispatched')) expect(carrier.parcels).toBe(1);
  if (types.includes('ShipmentFailed')) expect(carrier.parcels).toBe(0);
}

async function play({ address, turns, calls, appends }: Scene): Promise<LoadingDock> {
  const dock = new LoadingDock(address);
  dock.carrier.nextCalls(...calls);
  dock.store.nextAppends(...appends);
  for (const { dispatch, deadline, waitMs } of turns) {
    await Promise.all([
      ...dispatch.map((ids) => dock.dispatch(...ids)),
      ...deadline.map((ids) => dock.deadlinePasses(...ids)),
    ]);
    hold(dock);
    dock.clock.advance(waitMs);
  }
  return dock;
}

test('a shipment is dispatched or has failed, never both, and what is told is what the carrier did', async () => {
  await fc.assert(
    fc.asyncProperty(scenes, async (scene) => {
      hold(await play(scene));
    }),
    { numRuns: 500 },
  );
});

test('the deadline alone ends every shipment, whatever else is lost', async () => {
  await fc.assert(
    fc.asyncProperty(scenes, async (scene) => {
      const dock = await play(scene);
      for (let turn = 0; (await dock.deadlinePasses('confirmed')).some((answer) => answer !== 'done'); turn += 1) {
        if (turn > 50) throw new Error('the deadline never settles');
        dock.clock.advance(10 * 60_000);
      }

      expect(dock.published).toHaveLength(1);
      hold(dock);
    }),
    { numRuns: 500 },
  );
});

test('after its end nothing is sent, however often its order comes again', async () => {
  await fc.assert(
    fc.asyncProperty(scenes, scenes, async (scene, after) => {
      const dock = await play(scene);
      fc.pre(dock.published.length === 1);
      const { parcels } = dock.carrier;
      dock.clock.advance(25 * 3600_000);

      for (const { dispatch, deadline } of after.turns) {
        for (const ids of dispatch) await dock.dispatch(...ids);
        for (const ids of deadline) await dock.deadlinePasses(...ids);
      }

      expect(dock.carrier.parcels).toBe(parcels);
      expect(dock.published).toHaveLength(1);
    }),
    { numRuns: 200 },
  );
});
