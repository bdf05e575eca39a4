import { Command } from 'commander';
import { type Generation, orderViewOf } from '../../functions/order-view/generations.ts';
import { sourceQueueOn } from '../catalogue.ts';
import type { Connection, Destination } from '../connection.ts';
import { findQueue, requireQueue } from '../dead-letters/find-queue.ts';
import { SqsSender } from '../dead-letters/sqs-sender.ts';
import { EXIT, type Exit, OperatorError } from '../failure.ts';
import { formatDuration } from '../moment.ts';
import { Pace } from '../pace.ts';
import { replayFromStores } from '../replay/from-stores.ts';
import { keptByNoStore, type Replayed, replayName } from '../replay/replay.ts';
import { counted, formatCount } from '../terminal/table.ts';
import { type Coverage, cover, linesInStores, linesInView } from '../view/coverage.ts';
import { type Deployment, deployViews, describeDeployment } from '../view/deployment.ts';
import { nextGeneration, switchView, type Views, viewsOn, viewTableOn } from '../view/generations.ts';
import { type Agreement, list, rate, withAgreement, withDestination, withJson } from './options.ts';
import { connected, type Run, type Session } from './session.ts';

interface Options extends Destination, Agreement {
  readonly context?: readonly string[];
  readonly rate: number;
  readonly dropOld?: true;
  readonly evenIncomplete?: true;
  readonly json?: true;
}

const DEFAULT_RATE = 50;

/** A new rule does not match at once: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-troubleshooting.html */
const SETTLING_SECONDS = 60;

export function viewRebuild(session: Session, run: Run): Command {
  const command = new Command('rebuild')
    .summary('fill a second order view by replay, and switch over to it')
    .description(
      'Builds the order view anew, without downtime: deploys a second generation of it beside the first, puts every fact ' +
        'of the event stores into its queue and no other, waits until it shows all that the stores and the old view know, ' +
        'and lets it be read from then on. The old one goes on as it was, to go back to. Whatever stops it, the same ' +
        'command goes on: every step may be repeated.',
    )
    .optionsGroup('Options:')
    .option('-c, --context <key=value>', 'what the stage is deployed with; may be repeated', list)
    .option('--rate <n>', 'so many facts a second, or "unlimited"', rate, DEFAULT_RATE)
    .option('--drop-old', 'deploy the stage without the old generation in the end')
    .option('--even-incomplete', 'switch over even if the old view shows facts that did not come into the new one');
  withAgreement(command);
  withJson(command);
  return withDestination(command)
    .addHelpText(
      'after',
      `
Examples:
  $ npx factbus view rebuild --dry-run
  $ npx factbus view rebuild --rate 200 --stage prod -c mailFrom=shop@example.com
  $ npx factbus view rebuild --local --yes --drop-old

See docs/late-joiners.md.
`,
    )
    .action((options: Options) => run(() => rebuild(session, options)));
}

/** What a rebuild is about. */
interface Rebuild {
  readonly from: Generation;
  readonly to: Generation;
  readonly deployed: readonly Generation[];
}

async function rebuild(session: Session, options: Options): Promise<Exit> {
  const { terminal, signal, clock } = session;
  const connection = await connected(session, options);
  const place = { documents: connection.clients.documents, busName: connection.busName };
  const startMs = clock.now();
  const plan = await planOf(connection, await viewsOn(place));
  const { from, to, deployed } = plan;
  const deployment = deploymentOf(options, [...deployed, to]);
  const isThere = deployed.includes(to);

  if (options.dryRun) return await dryRun(session, connection, plan, deployment, options);
  const steps = [
    ...(isThere ? [] : [`deploy order-view generation ${to} (${describeDeployment(deployment)})`]),
    `fill it by replay, and switch from generation ${from} to ${to}`,
    ...(options.dropOld ? [`deploy the stage without generation ${from}`] : []),
  ];
  if (!isThere || options.dropOld) {
    terminal.say('A deployment sets anew what the stage was deployed with: give all of it with -c, or in cdk.json.');
  }
  await terminal.agree(
    `${steps.join('; ').replace(/^./, (first) => first.toUpperCase())}?`,
    options.yes === true,
    signal,
  );
  if (!isThere) {
    await deploy(session, connection, deployment, options);
    await ruleTakesEffect(session, connection);
  }
  if (signal.aborted) return stopped(session);

  const replayed = await fill(session, connection, plan, options);
  if (signal.aborted) return stopped(session);
  if (replayed.refused.length > 0) {
    throw new OperatorError(
      `The queue did not take ${counted(replayed.refused.length, 'fact')}: nothing was switched.`,
      {
        exit: EXIT.partly,
        remedies: ['The same command again.'],
      },
    );
  }
  const coverage = await catchUp(session, connection, plan);
  if (signal.aborted) return stopped(session);
  if (coverage.missing.length > 0 && !options.evenIncomplete) throw await incomplete(connection, plan, coverage);
  await switchView(place, { from, to }, clock);
  if (options.dropOld) {
    await deploy(session, connection, deploymentOf(options, [to]), options);
  }

  const { covered, takenOver, missing } = coverage;
  const kept = options.dropOld ? [to] : [...new Set([...deployed, to])];
  if (options.json) {
    const seconds = (clock.now() - startMs) / 1000;
    terminal.printJson({
      from,
      to,
      replayed: replayed.sent,
      covered,
      takenOver,
      missing: missing.length,
      kept,
      seconds,
    });
    return EXIT.ok;
  }
  terminal.print(
    `${terminal.paint('green', '✔')} Generation ${to} of the order view is read now: ${counted(replayed.sent, 'fact')} ` +
      `replayed, ${formatCount(covered)} lines compared, ${formatCount(takenOver)} taken over, in ${formatDuration(clock.now() - startMs)}.`,
  );
  terminal.say(
    options.dropOld ? '' : `Generation ${from} goes on. Back to it: npx factbus view rollback`,
    `From now on deploy with -c orderViews=${kept.join(',')}, or write that into cdk.json.`,
  );
  return EXIT.ok;
}

async function planOf(connection: Connection, views: Views): Promise<Rebuild> {
  const deployed: Generation[] = [];
  for (const one of views.tables) if ((await queueOf(connection, one)) !== undefined) deployed.push(one);
  return { from: views.current, to: nextGeneration(views, (one) => deployed.includes(one)), deployed };
}

function deploymentOf({ stage, context = [] }: Options, generations: readonly Generation[]): Deployment {
  return { stage, context, generations: [...new Set(generations)].sort((one, other) => one - other) };
}

async function deploy(
  { environment }: Session,
  { endpoint }: Connection,
  deployment: Deployment,
  options: Options,
): Promise<void> {
  await deployViews(deployment, options, environment, endpoint);
}

/**
 * What is committed behind the replay's back has to come live:
 *
 *     deployed ── rule matches ── replay reads a table ── a fact is committed ── it comes by the rule
 */
async function ruleTakesEffect({ terminal, clock, signal }: Session, { account }: Connection): Promise<void> {
  // LocalStack, whose account this is, matches at once.
  if (account === '000000000000') return;
  terminal.say(terminal.paintSaid('dim', `waiting ${SETTLING_SECONDS} s for the new rule to take effect`));
  for (let second = 0; second < SETTLING_SECONDS && !signal.aborted; second += 1) await clock.sleep(1_000);
}

async function dryRun(
  session: Session,
  connection: Connection,
  plan: Rebuild,
  deployment: Deployment,
  options: Options,
): Promise<Exit> {
  const { terminal } = session;
  const { from, to, deployed } = plan;
  const isThere = deployed.includes(to);
  const { chosen, lookedAt } = await fill(session, connection, plan, options);
  const facts = Object.values(chosen).reduce((sum, count) => sum + count, 0);
  if (options.json) terminal.printJson({ dryRun: true, from, to, deployed: isThere, facts, lookedAt });
  else {
    terminal.print(
      `${counted(facts, 'fact')} of ${formatCount(lookedAt)} would go to generation ${to} of the order view, which would ` +
        `then be read instead of generation ${from}. Nothing was done.`,
      ...(isThere ? [] : [`It would be deployed first: ${describeDeployment(deployment)}`]),
    );
  }
  return EXIT.ok;
}

/** Puts all that the stores keep into the new generation's queue. */
async function fill(session: Session, connection: Connection, { to }: Rebuild, options: Options): Promise<Replayed> {
  const { terminal, catalogue, clock, signal } = session;
  const { clients, busName, account, region } = connection;
  const subscription = orderViewOf(to);
  const dryRun = options.dryRun === true;
  // A dry run sends nothing, and needs no queue.
  const url = dryRun ? '' : (await requireQueue(clients.queues, sourceQueueOn(busName, subscription))).url;
  const ports = {
    documents: clients.documents,
    busName,
    stores: catalogue.stores,
    target: { sender: new SqsSender(clients.queuesOnce, url, clock) },
    origin: { account, region },
    clock,
  };
  const progress = terminal.progress(dryRun ? 'reading' : 'replaying');
  return await replayFromStores({ name: replayName(subscription, clock.now()), subscription }, ports, {
    pace: new Pace(options.rate, clock),
    dryRun,
    signal,
    onProgress: ({ sent, lookedAt }) => progress.at(dryRun ? lookedAt : sent),
  }).finally(() => progress.end());
}

/**
 * Waits until the new generation shows all that the stores keep, and then all that the old one shows. Both go on meanwhile:
 *
 *     live facts  ──┬──────▶ old view    what it shows when it is looked at
 *                   └──────▶ new view    has to be here as well, at once or a little later
 */
async function catchUp(session: Session, connection: Connection, { from, to }: Rebuild): Promise<Coverage> {
  const { terminal, catalogue, clock, signal } = session;
  const { clients, busName } = connection;
  const { documents } = clients;
  const subscription = orderViewOf(to);
  const progress = terminal.progress('comparing');
  let before = 0;
  const ports = {
    documents,
    clock,
    signal,
    backlog: async () => {
      const queue = await queueOf(connection, to);
      return queue === undefined ? 0 : queue.depth + queue.held;
    },
    onProgress: (covered: number) => progress.at(before + covered),
  };
  const table = viewTableOn(busName, to);
  const unkept = keptByNoStore(Object.values(subscription.facts), catalogue.stores);
  const isKept = (line: { type: string; source: string }) =>
    !unkept.some(({ type, source }) => line.type === type && line.source === source);
  try {
    const replayed = await cover(table, linesInStores(documents, busName, catalogue.stores, subscription), ports);
    before = replayed.covered;
    if (replayed.missing.length > 0 || signal.aborted) return replayed;
    const shown = await cover(table, linesInView(documents, viewTableOn(busName, from), isKept), ports);
    return { ...shown, covered: replayed.covered + shown.covered };
  } finally {
    progress.end();
  }
}

async function incomplete(connection: Connection, { to }: Rebuild, { missing }: Coverage): Promise<OperatorError> {
  const { name } = orderViewOf(to);
  const deadLetters = await findQueue(connection.clients.queues, `${connection.busName}-${name}-dlq`);
  const [first] = missing;
  const dead = deadLetters?.depth ?? 0;
  return new OperatorError(
    `${counted(missing.length, 'line')} did not come into generation ${to}, such as ${first?.factId} of ${first?.orderId}: nothing was switched.`,
    {
      exit: EXIT.partly,
      remedies: [
        ...(dead > 0 ? [`${counted(dead, 'dead letter')} in ${deadLetters?.name}: see what they say.`] : []),
        'The same command again replays what is missing.',
        'If the old view is what is wrong: --even-incomplete.',
      ],
    },
  );
}

function stopped({ terminal }: Session): Exit {
  terminal.say('Stopped; nothing was switched. The same command goes on: to replay again does no harm.');
  return EXIT.interrupted;
}

async function queueOf({ clients, busName }: Connection, generation: Generation) {
  return await findQueue(clients.queues, sourceQueueOn(busName, orderViewOf(generation)));
}
