import { describe, expect, it } from 'vitest';
import type { Commit } from '../../../functions/backbone/event-store.ts';
import type { Publication, Published, Publisher } from '../../../functions/backbone/publisher.ts';
import { WrongSource } from '../../../functions/backbone/relay.ts';
import type { Message } from '../../../operations/dead-letters/letter.ts';
import { readLetter } from '../../../operations/dead-letters/letter.ts';
import { Pace } from '../../../operations/pace.ts';
import { repair } from '../../../operations/relay/repair.ts';
import { readUnpublished } from '../../../operations/relay/unpublished.ts';
import { ManualClock } from '../../manual-clock.ts';
import { page, ScriptedDynamoDb } from '../backbone/scripted-dynamodb.ts';
import { deadMessage } from './dead-message.ts';

const commit = (version: number, isPublished = true): Commit => ({
  stream: 'order#order-c1',
  version,
  time: '2026-01-31T11:00:00.000Z',
  correlationId: 'flow-1',
  causes: [],
  facts: [
    {
      id: `fact-${version}`,
      type: 'OrderPlaced',
      data: {},
      causationId: 'cart',
      hops: 1,
      ...(isPublished && { published: { source: 'shop.orders', sequence: version, schemaVersion: 1 } }),
    },
  ],
});

class RecordingPublisher implements Publisher {
  readonly published: Publication[] = [];
  answer: (publication: Publication) => Published = () => ({ kind: 'published' });

  publish(publications: readonly Publication[]): Promise<readonly Published[]> {
    this.published.push(...publications);
    return Promise.resolve(publications.map((one) => this.answer(one)));
  }
}

async function* pages(...all: readonly (readonly Commit[])[]): AsyncGenerator<readonly Commit[]> {
  yield* all;
}

function setUp(perSecond = Number.POSITIVE_INFINITY) {
  const clock = new ManualClock();
  return { clock, publisher: new RecordingPublisher(), options: { pace: new Pace(perSecond, clock), clock } };
}

describe('a repair', () => {
  it('publishes facts under the ids that they have, as their relay does', async () => {
    const { publisher, options } = setUp();
    const repaired = await repair(pages([commit(1), commit(2, false)], [commit(3)]), 'shop.orders', publisher, options);
    expect(repaired).toEqual({ commits: 2, published: 2, unpublished: [] });
    expect(
      publisher.published.map(({ metadata }) => [metadata.id, metadata.sequence, metadata.subject, metadata.time]),
    ).toEqual([
      ['fact-1', 1, 'order#order-c1', '2026-01-31T11:00:00.000Z'],
      ['fact-3', 3, 'order#order-c1', '2026-01-31T11:00:00.000Z'],
    ]);
  });

  it('tells what the bus did not take, and goes on', async () => {
    const { publisher, options } = setUp();
    publisher.answer = ({ metadata }) =>
      metadata.id === 'fact-1'
        ? { kind: 'refused', code: 'EntryTooLarge', message: 'too large' }
        : { kind: 'published' };
    const repaired = await repair(pages([commit(1), commit(2)]), 'shop.orders', publisher, options);
    expect(repaired).toEqual({
      commits: 2,
      published: 1,
      unpublished: [
        { stream: 'order#order-c1', version: 1, type: 'OrderPlaced', code: 'EntryTooLarge', message: 'too large' },
      ],
    });
  });

  it('publishes nothing in a dry run, and counts', async () => {
    const { publisher, options } = setUp();
    const repaired = await repair(pages([commit(1), commit(2)]), 'shop.orders', publisher, {
      ...options,
      dryRun: true,
    });
    expect([repaired.published, publisher.published]).toEqual([2, []]);
  });

  it('keeps its rate', async () => {
    const { clock, publisher, options } = setUp(10);
    const startMs = clock.now();
    await repair(pages(Array.from({ length: 21 }, (_, n) => commit(n + 1))), 'shop.orders', publisher, options);
    expect(clock.now() - startMs).toBeGreaterThan(1_900);
    expect(clock.now() - startMs).toBeLessThan(2_100);
  });

  it('publishes for no other source than that of its relay', async () => {
    const { publisher, options } = setUp();
    await expect(repair(pages([commit(1)]), 'shop.payments', publisher, options)).rejects.toThrow(WrongSource);
  });
});

describe('a relay’s dead letter stands for', () => {
  const held = (about: Partial<Message>) => ({
    ...readLetter(deadMessage('m1', { attributes: {}, ...about })),
    receipt: 'r1',
  });
  const { stream: pk, version: sk, ...rest } = commit(7);

  it('the commit of its key', async () => {
    const dynamoDb = new ScriptedDynamoDb();
    dynamoDb.answers.push({
      status: 200,
      body: { Item: Object.assign({}, (page([{ pk, sk, ...rest }]).body as { Items: object[] }).Items[0]) },
    });
    const { commits } = await readUnpublished(
      dynamoDb.client,
      'factbus-orders',
      held({ body: '{"pk":"order#order-c1","sk":7}' }),
    );
    expect(commits).toEqual([commit(7)]);
  });

  it('all that was committed when Lambda gave up', async () => {
    const dynamoDb = new ScriptedDynamoDb();
    dynamoDb.answers.push(page([{ pk, sk, ...rest }]));
    const info = {
      approximateArrivalOfFirstRecord: '2026-01-31T11:00:00Z',
      approximateArrivalOfLastRecord: '2026-01-31T11:05:00Z',
    };
    const { commits } = await readUnpublished(
      dynamoDb.client,
      'factbus-orders',
      held({ body: JSON.stringify({ DDBStreamBatchInfo: info }) }),
    );
    expect(commits).toEqual([commit(7)]);
    expect(dynamoDb.requests[0]?.input.ExpressionAttributeValues).toMatchObject({
      ':since': { S: '2026-01-31T10:59:00.000Z' },
      ':until': { S: '2026-01-31T11:06:00.000Z' },
    });
  });

  it.each([
    ['a counter, which is no commit', '{"pk":"stock#mug","sk":0}', /holds no commit stock#mug v0/],
    ['a commit that is not there', '{"pk":"order#gone","sk":1}', /holds no commit order#gone v1/],
    ['nothing that can be told', 'not JSON', /names neither a commit nor a time/],
    ['a note without times', '{"DDBStreamBatchInfo":{}}', /names neither a commit nor a time/],
  ])('%s', async (_, body, why) => {
    const dynamoDb = new ScriptedDynamoDb();
    const found = await readUnpublished(dynamoDb.client, 'factbus-orders', held({ body }));
    expect(found.commits).toEqual([]);
    expect(found.why).toMatch(why);
  });
});
