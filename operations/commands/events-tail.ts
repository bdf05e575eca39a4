import { Command } from 'commander';
import { parseEnvelope, UnreadableEvent } from '../../functions/backbone/envelope.ts';
import type { FactType } from '../../functions/backbone/fact.ts';
import type { Destination } from '../connection.ts';
import { SqsLetterQueue } from '../dead-letters/sqs-letter-queue.ts';
import { allOf, type Filter, type Filtered } from '../facts/filter.ts';
import { findFact } from '../facts/find-fact.ts';
import { EXIT, type Exit } from '../failure.ts';
import { listen, listenersOn, removeListener } from '../listener.ts';
import { shorten } from '../terminal/table.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { condition, count, duration, list, withDestination, withJson } from './options.ts';
import { connected, type Run, type Session } from './session.ts';

interface Options extends Destination {
  readonly type?: readonly string[];
  readonly source?: readonly string[];
  readonly flow?: string;
  readonly where?: readonly Filter[];
  readonly for: number;
  readonly count?: number;
  readonly json?: true;
}

/** A tail ends by itself, so that one which is older can only have been left behind. */
const LONGEST_MS = 12 * 3_600_000;

const PREFIX = 'tail-';

/** How long what was received is hidden: it is removed at once. */
const HOLD_SECONDS = 30;

export function eventsTail(session: Session, run: Run): Command {
  const command = new Command('tail')
    .summary('watch what passes on the bus')
    .description(
      'Shows what passes on the bus, as it passes, until Ctrl-C. It listens through a rule and a queue of its own, which it ' +
        'removes when it ends; nobody else notices. A rule takes up to a minute to take effect on AWS.',
    )
    .optionsGroup('Which events (all that is given must fit):')
    .option('--type <fact>', 'of this fact; may be repeated, or a list with commas', list)
    .option('--source <source>', 'from this source, such as shop.orders; may be repeated, or a list with commas', list)
    .option('--flow <correlationId>', 'of this flow')
    .option('--where <condition>', 'whose data fits: orderId=order-c1, total>1000; may be repeated', condition)
    .optionsGroup('Options:')
    .option('--count <n>', 'end after so many', count)
    .option('--for <duration>', 'end after so long, such as 10m; at most 12h', duration, LONGEST_MS);
  withJson(command, 'one JSON object a line');
  return withDestination(command)
    .addHelpText(
      'after',
      `
Examples:
  $ npx factbus events tail --local
  $ npx factbus events tail --type OrderCancelled,PaymentFailed --stage prod
  $ npx factbus events tail --where 'lines.*.sku=mug-blue' --count 1 --json
`,
    )
    .action((options: Options) => run(() => tail(session, options)));
}

async function tail(session: Session, options: Options): Promise<Exit> {
  const { terminal, catalogue, clock, signal, ids } = session;
  const types = options.type?.map((name) => findFact(catalogue.facts, name));
  const { busName, busArn, clients } = await connected(session, options);
  const place = { events: clients.events, queues: clients.queues, busName, busArn };
  const startMs = clock.now();
  for (const name of await listenersOn(place, PREFIX)) {
    if (startMs - startedAt(name) > LONGEST_MS) await removeListener(place, name);
  }

  const name = `${PREFIX}${startMs.toString(36)}-${ids.next().slice(-6)}`;
  const listener = await listen(
    place,
    name,
    patternFor(types, options.source),
    'factbus events tail, which removes this rule when it ends',
  );
  try {
    terminal.say(terminal.paintSaid('dim', 'listening; Ctrl-C ends'));
    const queue = new SqsLetterQueue(clients.queues, listener.queueUrl);
    const isMeant = allOf([...(options.where ?? []), ...(options.flow === undefined ? [] : [isOfFlow(options.flow)])]);
    const untilMs = startMs + Math.min(options.for, LONGEST_MS);
    let shown = 0;
    while (!signal.aborted && clock.now() < untilMs && shown < (options.count ?? Number.POSITIVE_INFINITY)) {
      const received = await queue.receive(HOLD_SECONDS);
      const events = received.flatMap(({ body }) => readable(body, terminal)).filter(isMeant);
      for (const event of events.slice(0, (options.count ?? Number.POSITIVE_INFINITY) - shown)) {
        terminal.print(options.json ? JSON.stringify(event) : lineOf(event, terminal));
        shown += 1;
      }
      if (received.length > 0) await queue.remove(received.map(({ receipt }) => receipt));
    }
  } finally {
    await listener.close();
  }
  return EXIT.ok;
}

type Event = Filtered & ReturnType<typeof parseEnvelope>['delivery'];

function readable(body: string, terminal: Terminal): readonly Event[] {
  try {
    const { data, delivery } = parseEnvelope(body);
    return [{ ...delivery, data }];
  } catch (error) {
    if (!(error instanceof UnreadableEvent)) throw error;
    terminal.say(`An event that cannot be read passed: ${error.message}`);
    return [];
  }
}

function isOfFlow(correlationId: string): Filter {
  return ({ metadata }) => 'correlationId' in metadata && metadata.correlationId === correlationId;
}

/** What EventBridge can choose by itself; a pattern needs at least one condition. */
function patternFor(
  types: readonly FactType[] | undefined,
  sources: readonly string[] | undefined,
): Readonly<Record<string, unknown>> {
  return {
    source: sources ?? [{ prefix: '' }],
    ...(types !== undefined && { 'detail-type': types.map(({ type }) => type) }),
  };
}

/** When the tail began whose rule this is; a name that says nothing is left alone. */
function startedAt(rule: string): number {
  const ms = Number.parseInt(rule.slice(PREFIX.length).split('-')[0] ?? '', 36);
  return Number.isNaN(ms) ? Number.POSITIVE_INFINITY : ms;
}

const TYPE_WIDTH = 26;
const SOURCE_WIDTH = 18;

function lineOf({ metadata, data }: Event, terminal: Terminal): string {
  const { time, type, source } = metadata;
  const start = `${terminal.paint('dim', time.slice(11, 23).padEnd(12))}  ${type.padEnd(TYPE_WIDTH)}  ${source.padEnd(SOURCE_WIDTH)}`;
  const room = terminal.columns - 12 - TYPE_WIDTH - SOURCE_WIDTH - 6;
  return `${start}  ${terminal.paint('dim', shorten(JSON.stringify(data), Math.max(20, room)))}`;
}
