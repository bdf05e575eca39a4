import { Command } from 'commander';
import type { Commit } from '../../functions/backbone/event-store.ts';
import { type Store, tableOn } from '../catalogue.ts';
import type { Connection, Destination } from '../connection.ts';
import { type Exit, wrongUse } from '../failure.ts';
import type { TimeRange } from '../moment.ts';
import { readStream, scanCommits } from '../streams/commits.ts';
import { type Agreement, list, moment, rangeOf, rate, withAgreement, withDestination, withJson } from './options.ts';
import { mendDeadLetters } from './relay-repair-letters.ts';
import { exitOf, repairOf, tell } from './repairing.ts';
import { connected, type Run, type Session } from './session.ts';

interface Options extends Destination, Agreement {
  readonly stream?: readonly string[];
  readonly since?: number;
  readonly until?: number;
  readonly deadLetters?: true;
  readonly rate: number;
  readonly json?: true;
}

const DEFAULT_RATE = 50;

export function relayRepair(session: Session, run: Run): Command {
  const nowMs = () => session.clock.now();
  const command = new Command('repair')
    .argument('<context>', `whose table: ${session.catalogue.stores.map(({ context }) => context).join(', ')}`)
    .summary('publish from a table what its relay could not')
    .description(
      "Publishes facts from a context's table again, as its relay would: under the ids that they have. Consumers know an " +
        'event that comes twice, so it does no harm to publish what was published before. What the relay derives from ' +
        'counters (StockDepleted) is in no commit, and cannot be published again.',
    )
    .optionsGroup('Which commits:')
    .option(
      '--dead-letters',
      "those that lie in the relay's dead-letter queue; they are removed from it once they are published",
    )
    .option('--stream <stream>', 'of this stream, such as order#order-c1; may be repeated, or a list with commas', list)
    .option(
      '--since <time>',
      'committed at or after: 2026-01-31T12:00:00Z, 2026-01-31, or how long ago (2h)',
      moment(nowMs),
    )
    .option('--until <time>', 'committed at or before', moment(nowMs))
    .optionsGroup('Options:')
    .option('--rate <n>', 'so many facts a second, or "unlimited"', rate, DEFAULT_RATE);
  withAgreement(command);
  withJson(command);
  return withDestination(command)
    .addHelpText(
      'after',
      `
Examples:
  $ npx factbus relay repair orders --dead-letters
  $ npx factbus relay repair payments --stream payment#order-c1 --dry-run
  $ npx factbus relay repair orders --since 2026-01-31T09:00:00Z --until 2026-01-31T11:00:00Z --stage prod
`,
    )
    .action((context: string, options: Options) => run(() => mend(session, context, options)));
}

async function mend(session: Session, context: string, options: Options): Promise<Exit> {
  const { terminal, catalogue } = session;
  const store = catalogue.stores.find((one) => one.context === context);
  if (store === undefined) {
    throw wrongUse(`"${context}" has no table.`, `There are ${catalogue.stores.map((one) => one.context).join(', ')}.`);
  }
  const range = rangeOf(options);
  const isByTime = Object.keys(range).length > 0;
  if (options.deadLetters && (isByTime || options.stream))
    throw wrongUse('--dead-letters names the commits: leave --stream, --since and --until out.');
  if (!options.deadLetters && !isByTime && !options.stream) {
    throw wrongUse(
      'Which commits? --dead-letters, --stream, or --since and --until.',
      'All of them: --since 1970-01-01.',
    );
  }
  const connection = await connected(session, options);
  if (options.deadLetters) return await mendDeadLetters(session, connection, store, options);

  if (!options.dryRun) {
    const of = options.stream === undefined ? 'all facts from that time' : `the facts of ${options.stream.join(', ')}`;
    const question = `Publish ${of} in ${tableOn(connection.busName, store)} again, as ${store.source}?`;
    await terminal.agree(question, options.yes === true, session.signal);
  }
  const startMs = session.clock.now();
  const { publish, end } = repairOf(session, connection, store, options);
  const pages = pagesOf(connection, store, options.stream, range, session.signal);
  const repaired = await publish(pages).finally(end);
  tell(session, store, repaired, session.clock.now() - startMs, options);
  return exitOf(session, repaired);
}

async function* pagesOf(
  { clients, busName }: Connection,
  store: Store,
  streams: readonly string[] | undefined,
  range: TimeRange,
  signal: AbortSignal,
): AsyncGenerator<readonly Commit[]> {
  const table = tableOn(busName, store);
  const selection = { ...range, published: true };
  if (streams === undefined) yield* scanCommits(clients.documents, table, selection, { signal });
  for (const stream of streams ?? []) yield* readStream(clients.documents, table, stream, selection, { signal });
}
