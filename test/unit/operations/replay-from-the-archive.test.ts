import { describe, expect, it } from 'vitest';
import { orders } from '../../../functions/orders/subscriptions.ts';
import { parseCondition } from '../../../operations/facts/filter.ts';
import { Pace } from '../../../operations/pace.ts';
import { replayFromArchive } from '../../../operations/replay/from-archive.ts';
import { ManualClock } from '../../manual-clock.ts';
import { eventBridgeMessage } from '../backbone/eventbridge-message.ts';
import { RecordingSender } from './in-memory-letter-queue.ts';
import { ScriptedAws, type WireAnswer, type WireCall } from './scripted-aws.ts';

const BUS_ARN = 'arn:aws:events:eu-central-1:123456789012:event-bus/factbus';
const ARCHIVE_ARN = 'arn:aws:events:eu-central-1:123456789012:archive/factbus-archive';
const RULE_ARN = 'arn:aws:events:eu-central-1:123456789012:rule/factbus/replay-again-1';

/** An EventBridge that replays these events through whatever queue asks for messages. */
function archiveOf(events: readonly string[], { state = 'COMPLETED', rules = [] as readonly string[] } = {}) {
  const waiting = [...events];
  let isStarted = false;
  const answers: Readonly<Record<string, (input: WireCall['input']) => WireAnswer>> = {
    DescribeArchive: () => ({ body: { ArchiveArn: ARCHIVE_ARN } }),
    ListRules: () => ({ body: { Rules: rules.map((Name) => ({ Name })) } }),
    CreateQueue: ({ QueueName }) => ({ body: { QueueUrl: `https://sqs.eu-central-1.amazonaws.com/1/${QueueName}` } }),
    GetQueueUrl: ({ QueueName }) => ({ body: { QueueUrl: `https://sqs.eu-central-1.amazonaws.com/1/${QueueName}` } }),
    PutTargets: () => ({ body: { FailedEntryCount: 0, FailedEntries: [] } }),
    StartReplay: () => {
      isStarted = true;
      return { body: { State: 'STARTING' } };
    },
    DescribeReplay: ({ ReplayName }) => ({
      body: { State: ReplayName === 'again-1' ? (waiting.length > 0 ? 'RUNNING' : state) : 'COMPLETED' },
    }),
    ReceiveMessage: () => {
      const Body = isStarted ? waiting.shift() : undefined;
      const Attributes = { SentTimestamp: '1' };
      return {
        body: {
          Messages: Body === undefined ? [] : [{ MessageId: Body.slice(0, 9), ReceiptHandle: 'r', Body, Attributes }],
        },
      };
    },
  };
  return new ScriptedAws(({ operation, input }) => answers[operation]?.(input) ?? { body: {} });
}

/** Time passes while nothing comes. */
class PassingClock extends ManualClock {
  override now(): number {
    this.advance(100);
    return super.now();
  }
}

const cart = (id: string, currency = 'EUR') =>
  eventBridgeMessage(
    { metadata: { id, time: '2026-01-31T11:00:00.000Z' }, data: { cartId: id, currency } },
    { 'detail-type': 'CartCheckedOut', source: 'shop.storefront', 'replay-name': 'again-1' },
  );

const replay = {
  name: 'again-1',
  subscription: orders,
  types: ['CartCheckedOut'],
  sinceMs: Date.parse('2026-01-31T10:00:00Z'),
  untilMs: Date.parse('2026-01-31T12:00:00Z'),
};

function portsOf(aws: ScriptedAws) {
  const clock = new PassingClock();
  const sender = new RecordingSender();
  const ports = {
    events: aws.events,
    queues: aws.queues,
    busName: 'factbus',
    busArn: BUS_ARN,
    target: { sender },
    clock,
  };
  return { ports, sender, options: { pace: new Pace(Number.POSITIVE_INFINITY, clock) } };
}

const inputOf = ({ calls }: ScriptedAws, operation: string) =>
  calls.find((call) => call.operation === operation)?.input;

/** That what was put up is gone. */
function expectNothingLeft({ operations }: ScriptedAws): void {
  const put = operations.lastIndexOf('PutTargets');
  expect(operations.slice(put)).toEqual(expect.arrayContaining(['RemoveTargets', 'DeleteRule', 'DeleteQueue']));
}

describe('a replay from the archive', () => {
  it('is for a rule of its own, and for nobody else on the bus', async () => {
    const aws = archiveOf([cart('c1')]);
    const { ports, options } = portsOf(aws);

    await replayFromArchive(replay, ports, options);

    expect(inputOf(aws, 'StartReplay')).toMatchObject({
      ReplayName: 'again-1',
      EventSourceArn: ARCHIVE_ARN,
      EventStartTime: replay.sinceMs / 1000,
      EventEndTime: replay.untilMs / 1000,
      Destination: { Arn: BUS_ARN, FilterArns: [RULE_ARN] },
    });
    expect(JSON.parse(String(inputOf(aws, 'PutRule')?.EventPattern))).toEqual({
      'replay-name': ['again-1'],
      source: ['shop.storefront'],
      'detail-type': ['CartCheckedOut'],
    });
    const targets = inputOf(aws, 'PutTargets')?.Targets;
    expect(targets).toEqual([{ Id: 'listener', Arn: 'arn:aws:sqs:eu-central-1:123456789012:factbus-replay-again-1' }]);
    expectNothingLeft(aws);
  });

  it('puts into the consumer’s queue what fits, as EventBridge replayed it', async () => {
    const aws = archiveOf([cart('c1'), cart('c2', 'USD'), cart('c3')]);
    const { ports, sender, options } = portsOf(aws);

    const replayed = await replayFromArchive({ ...replay, where: parseCondition('currency=EUR') }, ports, options);

    expect(sender.sent.map(({ body }) => body)).toEqual([cart('c1'), cart('c3')]);
    expect(replayed).toEqual({ lookedAt: 3, chosen: { CartCheckedOut: 2 }, sent: 2, refused: [] });
  });

  it('sends nothing in a dry run, and counts', async () => {
    const aws = archiveOf([cart('c1'), cart('c2')]);
    const { ports, sender, options } = portsOf(aws);

    const replayed = await replayFromArchive(replay, ports, { ...options, dryRun: true });

    expect(sender.sent).toEqual([]);
    expect(replayed).toMatchObject({ chosen: { CartCheckedOut: 2 }, sent: 0 });
    expectNothingLeft(aws);
  });

  it('leaves nothing behind when it is stopped, and is cancelled', async () => {
    const aws = archiveOf([cart('c1'), cart('c2'), cart('c3')]);
    const { ports, sender, options } = portsOf(aws);
    const interruption = new AbortController();
    const onProgress = () => interruption.abort();

    await replayFromArchive(replay, ports, { ...options, signal: interruption.signal, onProgress });

    expect(sender.sent).toHaveLength(1);
    expect(inputOf(aws, 'CancelReplay')).toEqual({ ReplayName: 'again-1' });
    expectNothingLeft(aws);
  });

  it('leaves nothing behind when EventBridge gives it up, and says so', async () => {
    const aws = archiveOf([], { state: 'FAILED' });
    const { ports, options } = portsOf(aws);

    await expect(replayFromArchive(replay, ports, options)).rejects.toThrow(/again-1: FAILED/);

    expect(aws.operations).not.toContain('CancelReplay');
    expectNothingLeft(aws);
  });

  it('removes what a killed one left', async () => {
    const aws = archiveOf([], { rules: ['replay-dead-1'] });
    const { ports, options } = portsOf(aws);

    await replayFromArchive(replay, ports, options);

    expect(aws.calls.filter(({ operation }) => operation === 'DeleteRule').map(({ input }) => input.Name)).toEqual([
      'replay-dead-1',
      'replay-again-1',
    ]);
  });

  it('does not begin without an archive', async () => {
    const aws = new ScriptedAws(({ operation }) =>
      operation === 'DescribeArchive' ? { error: 'ResourceNotFoundException', status: 400 } : { body: {} },
    );
    const { ports, options } = portsOf(aws);

    await expect(replayFromArchive(replay, ports, options)).rejects.toThrow(expect.objectContaining({ exit: 3 }));

    expect(aws.operations).toEqual(['DescribeArchive']);
  });
});
