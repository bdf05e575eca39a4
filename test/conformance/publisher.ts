import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Metadata } from '../../functions/backbone/envelope.ts';
import { eventBytes, MOST_EVENT_BYTES, type Publication, type Publisher } from '../../functions/backbone/publisher.ts';

/** A publisher together with the other end of its bus. */
export interface PublisherToABus {
  readonly publisher: Publisher;
  /** What has come through with this correlation id, in any order, once there are so many. */
  readonly arrived: (correlationId: string, count: number) => Promise<readonly Publication[]>;
}

/**
 * What every publisher must do. Facts get ids of their own in each test, so that many runs can share one bus.
 *
 * @param name of the implementation
 * @param create answers a publisher to a bus that lets `shop.conformance` through; called once for each test
 */
export function publisherConformance(name: string, create: () => PublisherToABus | Promise<PublisherToABus>): void {
  describe(`${name} publishes facts`, () => publishing(create));
}

/** So that what the bus throttles is tried again. */
const soon = () => Date.now() + 30_000;

const PUBLISHED = { kind: 'published' };

function fact(correlationId: string, data: unknown = {}, more: Partial<Metadata> = {}): Publication {
  const metadata = {
    id: randomUUID(),
    time: '2026-01-31T12:00:00.123Z',
    type: 'Happened',
    source: 'shop.conformance',
    schemaVersion: 1,
    correlationId,
    hops: 0,
    ...more,
  };
  return { metadata, data };
}

/** A fact that weighs exactly so much on the bus. */
function factOfBytes(correlationId: string, bytes: number): Publication {
  const { metadata } = fact(correlationId);
  const empty = eventBytes(metadata, JSON.stringify({ metadata, data: '' }));
  return { metadata, data: 'x'.repeat(bytes - empty) };
}

function idsOf(publications: readonly Publication[]): readonly string[] {
  return publications.map(({ metadata }) => metadata.id).sort();
}

function publishing(create: Parameters<typeof publisherConformance>[1]): void {
  test('nothing to publish has no answers', async () => {
    const { publisher } = await create();

    expect(await publisher.publish([], soon())).toEqual([]);
  });

  test('a fact arrives as it was', async () => {
    const { publisher, arrived } = await create();
    const flow = randomUUID();
    const published = fact(
      flow,
      { text: 'zwölf 🪙 "\\\n', numbers: [0, -1, 0.1, Number.MAX_SAFE_INTEGER], nested: [[{ none: null }], [], {}] },
      {
        subject: 'order#order-c1',
        version: 7,
        sequence: 3,
        schemaVersion: 2,
        causationId: randomUUID(),
        traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
        hops: 31,
      },
    );

    expect(await publisher.publish([published], soon())).toEqual([PUBLISHED]);

    expect(await arrived(flow, 1)).toStrictEqual([published]);
  });

  test('a field without a value does not arrive', async () => {
    const { publisher, arrived } = await create();
    const flow = randomUUID();

    await publisher.publish([fact(flow, { reason: undefined, lines: [{ note: undefined, sku: 'mug' }] })], soon());

    const [first] = await arrived(flow, 1);
    expect(first?.data).toStrictEqual({ lines: [{ sku: 'mug' }] });
  });

  test('what is changed after it was published arrives as it was', async () => {
    const { publisher, arrived } = await create();
    const flow = randomUUID();
    const data = { amount: 5 };

    await publisher.publish([fact(flow, data)], soon());
    data.amount = 6;

    expect((await arrived(flow, 1)).map((one) => one.data)).toEqual([{ amount: 5 }]);
  });

  test('many facts arrive, each once', async () => {
    const { publisher, arrived } = await create();
    const flow = randomUUID();
    const facts = Array.from({ length: 25 }, (_, n) => fact(flow, { n }));

    expect(await publisher.publish(facts, soon())).toEqual(facts.map(() => PUBLISHED));

    expect(idsOf(await arrived(flow, facts.length))).toEqual(idsOf(facts));
  });

  test('facts that are together larger than an event may be arrive all the same', async () => {
    const { publisher, arrived } = await create();
    const flow = randomUUID();
    const facts = Array.from({ length: 4 }, () => factOfBytes(flow, 150 * 1024));

    expect(await publisher.publish(facts, soon())).toEqual(facts.map(() => PUBLISHED));

    expect(idsOf(await arrived(flow, facts.length))).toEqual(idsOf(facts));
  });

  test('one that is too large is refused for good, and those beside it go: each answer is at its place', async () => {
    const { publisher, arrived } = await create();
    const flow = randomUUID();
    const [first, last] = [fact(flow), fact(flow)];
    const tooLarge = factOfBytes(flow, MOST_EVENT_BYTES + 1);

    expect(await publisher.publish([first, tooLarge, last], soon())).toEqual([
      PUBLISHED,
      { kind: 'refused', code: 'EntryTooLarge', message: expect.stringContaining(tooLarge.metadata.id) },
      PUBLISHED,
    ]);

    expect(idsOf(await arrived(flow, 2))).toEqual(idsOf([first, last]));
  });

  test('one of just the size that an event may have is published', async () => {
    const { publisher } = await create();

    expect(await publisher.publish([factOfBytes(randomUUID(), MOST_EVENT_BYTES)], soon())).toEqual([PUBLISHED]);
  });

  test('it tries once, however late it is', async () => {
    const { publisher, arrived } = await create();
    const flow = randomUUID();

    expect(await publisher.publish([fact(flow)], 0)).toEqual([PUBLISHED]);

    expect(await arrived(flow, 1)).toHaveLength(1);
  });

  test('what was published before arrives again, under the same id', async () => {
    const { publisher, arrived } = await create();
    const flow = randomUUID();
    const again = fact(flow);

    expect(await publisher.publish([again], soon())).toEqual([PUBLISHED]);
    expect(await publisher.publish([again], soon())).toEqual([PUBLISHED]);

    const copies = (await arrived(flow, 2)).map(({ metadata: { id }, data }) => ({ id, data }));
    expect(copies).toStrictEqual(Array(2).fill({ id: again.metadata.id, data: again.data }));
  });
}
