import {
  CancelReplayCommand,
  DescribeArchiveCommand,
  DescribeReplayCommand,
  type EventBridgeClient,
  type ReplayState,
  ResourceNotFoundException,
  StartReplayCommand,
} from '@aws-sdk/client-eventbridge';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { Clock } from '../../functions/backbone/clock.ts';
import { parseEnvelope } from '../../functions/backbone/envelope.ts';
import { patternOf } from '../../lib/backbone/event-pattern.ts';
import { archiveOn } from '../catalogue.ts';
import { Holdings } from '../dead-letters/holdings.ts';
import { SqsLetterQueue } from '../dead-letters/sqs-letter-queue.ts';
import { notFound, OperatorError } from '../failure.ts';
import { type Listener, listen, listenersOn, removeListener } from '../listener.ts';
import { type Forwarded, Forwarding } from './forwarding.ts';
import {
  factsToReplay,
  messageOf,
  type Replay,
  type Replayed,
  type ReplayOptions,
  type ReplayTarget,
} from './replay.ts';

/** A replay of what the archive has recorded: all that was ever on the bus, within its retention. */
export interface ArchiveReplay extends Replay {
  readonly sinceMs: number;
  readonly untilMs: number;
}

export interface ArchiveReplayPorts {
  readonly events: EventBridgeClient;
  readonly queues: SQSClient;
  readonly busName: string;
  readonly busArn: string;
  readonly target: ReplayTarget;
  readonly clock: Clock;
  /** Told what it is waiting for. */
  readonly onPhase?: (phase: string) => void;
}

const PREFIX = 'replay-';

/** A new rule does not match at once: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-troubleshooting.html */
const SETTLING_MS = 30_000;

/** How long after the replay's end nothing must have come any more. */
const QUIET_MS = 15_000;

const ASK_EVERY_MS = 5_000;

/**
 * Replays from the archive into one consumer's queue:
 *
 *     archive ─replay─▶ bus ─a rule of its own─▶ a queue of its own ─ filter, rate ─▶ the consumer's queue
 *
 * The replay is for that rule alone, so that no other consumer notices, and neither the consumer's rule nor its queue's
 * policy is touched. Rule and queue are removed afterwards, and the replay is cancelled, however it ends; what a killed
 * process left is removed by the next replay. Events come minute by minute, in no order.
 *
 * A dry run replays as well, into the queue of its own, and counts there.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_StartReplay.html
 * @throws OperatorError when there is no archive, or EventBridge gives the replay up
 */
export async function replayFromArchive(
  replay: ArchiveReplay,
  { events, queues, busName, busArn, target, clock, onPhase }: ArchiveReplayPorts,
  options: ReplayOptions,
): Promise<Replayed> {
  const facts = factsToReplay(replay);
  const archiveArn = await archiveArnOf(events, archiveOn(busName));
  const place = { events, queues, busName, busArn };
  await removeLeftovers(place);

  const pattern = {
    'replay-name': [replay.name],
    ...patternOf(Object.fromEntries(facts.map((fact) => [fact.type, fact]))),
  };
  const description = `A replay for ${replay.subscription.name}, which removes this rule when it ends`;
  const listener = await listen(place, `${PREFIX}${replay.name}`, pattern, description);
  const isStopped = () => options.signal?.aborted === true;
  let isRunning = false;
  try {
    onPhase?.('waiting for the rule to take effect');
    await pause(clock, SETTLING_MS, options.signal);
    if (isStopped()) return new Forwarding(target, options).replayed;
    await events.send(
      new StartReplayCommand({
        ReplayName: replay.name,
        EventSourceArn: archiveArn,
        EventStartTime: new Date(replay.sinceMs),
        EventEndTime: new Date(replay.untilMs),
        Destination: { Arn: busArn, FilterArns: [listener.ruleArn] },
      }),
    );
    isRunning = true;
    onPhase?.('replaying');
    const replayed = await forward(replay, listener, { events, queues, target, clock }, options);
    isRunning = isStopped();
    return replayed;
  } finally {
    if (isRunning) await cancel(events, replay.name);
    await listener.close();
  }
}

/** Takes what comes through the listener to the consumer, until the replay is over and nothing comes any more. */
async function forward(
  replay: ArchiveReplay,
  { queueUrl }: Listener,
  { events, queues, target, clock }: Pick<ArchiveReplayPorts, 'events' | 'queues' | 'target' | 'clock'>,
  options: ReplayOptions,
): Promise<Replayed> {
  const forwarding = new Forwarding(target, options);
  const holdings = new Holdings(new SqsLetterQueue(queues, queueUrl), clock);
  let askMs = 0;
  let isOver = false;
  let lastMs = clock.now();
  while (options.signal?.aborted !== true && !(isOver && clock.now() - lastMs >= QUIET_MS)) {
    const received = await holdings.receive();
    if (received.length > 0) lastMs = clock.now();
    const meant = received.flatMap(({ body }): readonly Forwarded[] => {
      const { data, delivery } = parseEnvelope(body);
      const { metadata } = delivery;
      if (replay.where?.({ metadata, data }) === false) return [];
      const message = messageOf(body, metadata, replay.name, target, clock.now());
      return [{ eventId: metadata.id, type: metadata.type, message }];
    });
    await forwarding.send(meant, received.length);
    await holdings.remove(received.map(({ receipt }) => receipt));
    if (!isOver && clock.now() >= askMs) {
      isOver = await hasEnded(events, replay.name);
      askMs = clock.now() + ASK_EVERY_MS;
      if (isOver) lastMs = clock.now();
    }
  }
  return forwarding.replayed;
}

async function archiveArnOf(events: EventBridgeClient, name: string): Promise<string> {
  try {
    const { ArchiveArn } = await events.send(new DescribeArchiveCommand({ ArchiveName: name }));
    if (ArchiveArn === undefined) throw new Error(`EventBridge names no ARN of the archive ${name}`);
    return ArchiveArn;
  } catch (error) {
    if (!(error instanceof ResourceNotFoundException)) throw error;
    throw notFound(`There is no archive ${name} here.`, 'Replay from the event stores: --from stores.');
  }
}

const ENDED: ReadonlySet<ReplayState> = new Set(['COMPLETED', 'CANCELLED', 'FAILED']);

async function hasEnded(events: EventBridgeClient, name: string): Promise<boolean> {
  const { State, StateReason } = await events.send(new DescribeReplayCommand({ ReplayName: name }));
  if (State === 'FAILED' || State === 'CANCELLED') {
    throw new OperatorError(`EventBridge ended the replay ${name}: ${State}${StateReason ? `, ${StateReason}` : ''}.`);
  }
  return State === 'COMPLETED';
}

async function cancel(events: EventBridgeClient, name: string): Promise<void> {
  const { State } = await events.send(new DescribeReplayCommand({ ReplayName: name }));
  if (State !== undefined && !ENDED.has(State)) await events.send(new CancelReplayCommand({ ReplayName: name }));
}

/** Rules and queues of replays that have ended, whose process was killed before it could remove them. */
async function removeLeftovers(place: Parameters<typeof removeListener>[0]): Promise<void> {
  for (const name of await listenersOn(place, PREFIX)) {
    if (await isLeftOver(place.events, name.slice(PREFIX.length))) await removeListener(place, name);
  }
}

async function isLeftOver(events: EventBridgeClient, replay: string): Promise<boolean> {
  try {
    const { State } = await events.send(new DescribeReplayCommand({ ReplayName: replay }));
    return State !== undefined && ENDED.has(State);
  } catch (error) {
    // One that is just being set up has no replay yet either.
    if (error instanceof ResourceNotFoundException) return false;
    throw error;
  }
}

async function pause(clock: Clock, ms: number, signal: AbortSignal | undefined): Promise<void> {
  const untilMs = clock.now() + ms;
  while (clock.now() < untilMs && signal?.aborted !== true) await clock.sleep(Math.min(1_000, untilMs - clock.now()));
}
