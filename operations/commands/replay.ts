import { Command, Option } from 'commander';
import { sourceQueueOn } from '../catalogue.ts';
import type { Connection, Destination } from '../connection.ts';
import { requireQueue } from '../dead-letters/find-queue.ts';
import { SqsSender } from '../dead-letters/sqs-sender.ts';
import { allOf, type Filter } from '../facts/filter.ts';
import { EXIT, type Exit, wrongUse } from '../failure.ts';
import { formatDuration } from '../moment.ts';
import { Pace } from '../pace.ts';
import { replayFromArchive } from '../replay/from-archive.ts';
import { replayFromStores } from '../replay/from-stores.ts';
import {
  factsToReplay,
  keptByNoStore,
  type Replay,
  type Replayed,
  type ReplayOptions,
  type ReplayTarget,
  replayName,
} from '../replay/replay.ts';
import { counted, formatCount } from '../terminal/table.ts';
import {
  type Agreement,
  condition,
  list,
  moment,
  rangeOf,
  rate,
  withAgreement,
  withDestination,
  withJson,
} from './options.ts';
import { connected, type Run, type Session } from './session.ts';

interface Options extends Destination, Agreement {
  readonly from: 'stores' | 'archive';
  readonly since?: number;
  readonly until?: number;
  readonly type?: readonly string[];
  readonly stream?: readonly string[];
  readonly where?: readonly Filter[];
  readonly name?: string;
  readonly rate: number;
  readonly json?: true;
}

const DEFAULT_RATE = 50;

/** An event is in the archive some time after it was on the bus. */
const ARCHIVED_AFTER_MS = 10 * 60_000;

export function replay(session: Session, run: Run): Command {
  const nowMs = () => session.clock.now();
  const command = new Command('replay')
    .argument(
      '<consumer>',
      `the one consumer that gets them: ${session.catalogue.subscriptions.map(({ name }) => name).join(', ')}`,
    )
    .summary('put old facts into one consumer, and into no other')
    .description(
      'Puts old facts into the queue of one consumer, as EventBridge does in a replay; no other consumer sees them. Consumers ' +
        'know an event that they have handled, so a replay does no harm and may be repeated; effects, such as mails, do ' +
        'not act on replayed events.\n\n' +
        'From the event stores: everything that was ever committed, everywhere. From the archive: everything that was on the ' +
        'bus, facts from outside included, as far back as the archive keeps it; on AWS, by a replay to a rule of its own, ' +
        'which is removed afterwards.',
    )
    .optionsGroup('Which facts, of those that the consumer subscribes to:')
    .addOption(new Option('--from <source>', 'where they come from').choices(['stores', 'archive']).default('stores'))
    .option(
      '--since <time>',
      'that happened at or after: 2026-01-31T12:00:00Z, 2026-01-31, or how long ago (2h)',
      moment(nowMs),
    )
    .option('--until <time>', 'that happened at or before (default: now)', moment(nowMs))
    .option('--type <fact>', 'these facts; may be repeated, or a list with commas', list)
    .option('--stream <stream>', 'of this stream, such as order#order-c1; from the stores only; may be repeated', list)
    .option('--where <condition>', 'whose data fits: total>1000, lines.*.sku=mug-blue; may be repeated', condition)
    .optionsGroup('Options:')
    .option('--rate <n>', 'so many facts a second, or "unlimited"', rate, DEFAULT_RATE)
    .option('--name <name>', 'what the replay is called in its events, as replay-name (default: a new name)');
  withAgreement(command);
  withJson(command);
  return withDestination(command)
    .addHelpText(
      'after',
      `
Examples:
  $ npx factbus replay order-view --dry-run
  $ npx factbus replay order-view --rate 200 --stage prod
  $ npx factbus replay inventory --type OrderCancelled --since 2026-01-31 --until 2026-02-01
  $ npx factbus replay order-view --stream order#order-c1 --stream payment#order-c1
  $ npx factbus replay orders --from archive --type CartCheckedOut --since 3h --stage prod
`,
    )
    .action((consumer: string, options: Options) => run(() => carryOut(session, consumer, options)));
}

async function carryOut(session: Session, consumer: string, options: Options): Promise<Exit> {
  const { terminal, catalogue, clock, signal } = session;
  const subscription = catalogue.subscriptions.find(({ name }) => name === consumer);
  if (subscription === undefined) {
    throw wrongUse(
      `There is no consumer "${consumer}".`,
      `There are ${catalogue.subscriptions.map(({ name }) => name).join(', ')}.`,
    );
  }
  const meant: Replay = {
    name: options.name ?? replayName(subscription, clock.now()),
    subscription,
    ...(options.type && { types: options.type }),
    ...(options.where && { where: allOf(options.where) }),
    ...rangeOf(options),
  };
  const facts = factsToReplay(meant);
  if (options.from === 'archive' && options.stream)
    throw wrongUse('The archive knows no streams: leave --stream out, or replay --from stores.');
  if (options.from === 'archive' && options.since === undefined)
    throw wrongUse('From when on? The archive needs --since.');
  const connection = await connected(session, options);
  const queue = await requireQueue(connection.clients.queues, sourceQueueOn(connection.busName, subscription));

  if (options.from === 'stores') {
    const unkept = keptByNoStore(facts, catalogue.stores).map(({ type }) => type);
    if (unkept.length === facts.length)
      throw wrongUse(`No store keeps ${unkept.join(', ')}.`, 'The archive does: --from archive --since <time>.');
    if (unkept.length > 0)
      terminal.say(`Left out, for no store keeps it: ${unkept.join(', ')}. The archive does: --from archive.`);
  } else if (clock.now() - (options.until ?? clock.now()) < ARCHIVED_AFTER_MS) {
    terminal.say('What was on the bus in the last 10 minutes may not be in the archive yet.');
  }
  if (!options.dryRun) {
    await terminal.agree(
      `Replay ${facts.map(({ type }) => type).join(', ')} from the ${options.from} into ${queue.name}?`,
      options.yes === true,
      signal,
    );
  }

  const startMs = clock.now();
  const progress = terminal.progress(options.dryRun ? 'reading' : 'replaying');
  const target = {
    sender: new SqsSender(connection.clients.queuesOnce, queue.url, clock),
    delaySeconds: queue.delaySeconds,
    isFifo: queue.isFifo,
  };
  const replayed = await replayFrom(session, connection, meant, target, options, {
    pace: new Pace(options.rate, clock),
    dryRun: options.dryRun === true,
    signal,
    onProgress: ({ lookedAt, sent }) => progress.at(options.dryRun ? lookedAt : sent),
  }).finally(() => progress.end());
  tell(session, meant, replayed, queue.name, clock.now() - startMs, options);
  if (signal.aborted) {
    terminal.say('Stopped. To replay again from the beginning does no harm.');
    return EXIT.interrupted;
  }
  return replayed.refused.length === 0 ? EXIT.ok : EXIT.partly;
}

async function replayFrom(
  { catalogue, clock, terminal }: Session,
  { clients, busName, busArn, account, region }: Connection,
  replay: Replay,
  target: ReplayTarget,
  { from, stream }: Options,
  options: ReplayOptions,
): Promise<Replayed> {
  if (from === 'stores') {
    const ports = {
      documents: clients.documents,
      busName,
      stores: catalogue.stores,
      target,
      origin: { account, region },
      clock,
    };
    return await replayFromStores({ ...replay, ...(stream && { streams: stream }) }, ports, options);
  }
  const { events, queues } = clients;
  const onPhase = (phase: string) => terminal.say(terminal.paintSaid('dim', phase));
  const ports = { events, queues, busName, busArn, target, clock, onPhase };
  return await replayFromArchive(
    { ...replay, sinceMs: replay.sinceMs ?? 0, untilMs: replay.untilMs ?? clock.now() },
    ports,
    options,
  );
}

function tell(
  { terminal }: Session,
  { name }: Replay,
  replayed: Replayed,
  queueName: string,
  elapsedMs: number,
  { json, dryRun }: Options,
): void {
  const { chosen, sent, refused, lookedAt } = replayed;
  if (json) {
    terminal.printJson({
      replay: name,
      to: queueName,
      dryRun: dryRun === true,
      ...replayed,
      seconds: elapsedMs / 1000,
    });
    return;
  }
  const total = Object.values(chosen).reduce((sum, count) => sum + count, 0);
  const byType = Object.entries(chosen)
    .sort(([one], [other]) => one.localeCompare(other))
    .map(([type, count]) => `${type} ${formatCount(count)}`)
    .join(', ');
  const what = total === 0 ? '' : `\n  ${byType}`;
  if (dryRun) {
    terminal.print(
      `${counted(total, 'fact')} of ${formatCount(lookedAt)} would go to ${queueName}. Nothing was sent.${what}`,
    );
    return;
  }
  const mark = refused.length === 0 ? terminal.paint('green', '✔') : terminal.paint('yellow', '!');
  terminal.print(
    `${mark} ${counted(sent, 'fact')} of ${formatCount(lookedAt)} went to ${queueName} as the replay ${name}, in ${formatDuration(elapsedMs)}.${what}`,
  );
  for (const { eventId, code, message } of refused.slice(0, 5))
    terminal.print(`  ${eventId} was not taken: ${code} ${message}`);
  if (refused.length > 5) terminal.print(`  … and ${formatCount(refused.length - 5)} more were not taken.`);
}
