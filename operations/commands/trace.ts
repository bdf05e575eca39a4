import { Command } from 'commander';
import { readOrder } from '../../functions/order-view/view.ts';
import { tableOn } from '../catalogue.ts';
import type { Connection, Destination } from '../connection.ts';
import { EXIT, type Exit, notFound } from '../failure.ts';
import { formatDuration } from '../moment.ts';
import { collected, scanCommits } from '../streams/commits.ts';
import { type FlowFact, type FlowStep, factsOf, flowOf, timesOfCauses } from '../streams/flow.ts';
import { type ContextCommits, commitsOfOrder } from '../streams/read-order.ts';
import { type Waterfall, waterfallOf } from '../streams/waterfall.ts';
import { type Cell, counted, table } from '../terminal/table.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { currentViewTable } from '../view/generations.ts';
import { withDestination, withJson } from './options.ts';
import { connected, type Run, type Session } from './session.ts';

interface Options extends Destination {
  readonly json?: true;
}

/** Beside the other columns. */
const LEAST_BAR = 16;
const MOST_BAR = 48;
const OTHER_COLUMNS = 92;

export function trace(session: Session, run: Run): Command {
  const command = new Command('trace')
    .argument('<id>', 'the id of a flow (correlationId), or of an order')
    .summary('show a whole flow over time, across all contexts')
    .description(
      'Shows what followed from what, over all contexts, from their streams: a line a fact, under the one that caused it, ' +
        "with the time that it took. An order is found at once; for a flow's id all streams are read through, which " +
        'costs as much as reading the tables.',
    )
    .optionsGroup('Options:');
  withJson(command);
  return withDestination(command)
    .addHelpText(
      'after',
      `
Examples:
  $ npx factbus trace order-c1 --local
  $ npx factbus trace 01980000-0000-7000-8000-000000000001 --stage prod
`,
    )
    .action((id: string, options: Options) => run(() => show(session, id, options)));
}

async function show(session: Session, id: string, options: Options): Promise<Exit> {
  const { terminal, catalogue } = session;
  const connection = await connected(session, options);
  const { busName, clients } = connection;
  const ofOrder = await commitsOfOrder(clients.documents, busName, catalogue.stores, id);
  const isOrder = ofOrder.some(({ commits }) => commits.length > 0);
  const contexts = isOrder ? ofOrder : await commitsOfFlow(session, connection, id);
  const commits = contexts.flatMap((context) => context.commits);
  if (commits.length === 0) {
    throw notFound(
      `No stream knows a flow or an order ${id}.`,
      'What has just been sent may take a few seconds to arrive.',
    );
  }
  const inStreams = contexts.flatMap((context) => factsOf(context.context, context.commits));
  const facts = [...inStreams, ...(await otherFacts(connection, inStreams))];
  const roots = flowOf(facts, timesOfCauses(commits));
  const flows = [...new Set(commits.map(({ correlationId }) => correlationId))];
  if (options.json) {
    terminal.printJson({ flows, steps: roots.map(jsonOf) });
    return EXIT.ok;
  }
  const barWidth = Math.min(MOST_BAR, Math.max(LEAST_BAR, terminal.columns - OTHER_COLUMNS));
  terminal.print(...describe(waterfallOf(roots, barWidth), flows, facts, terminal));
  return EXIT.ok;
}

async function commitsOfFlow(
  session: Session,
  { busName, clients }: Connection,
  correlationId: string,
): Promise<readonly ContextCommits[]> {
  const { terminal, catalogue, signal } = session;
  const progress = terminal.progress('reading commits');
  const read = new Map<string, number>();
  try {
    return await Promise.all(
      catalogue.stores.map(async (store) => {
        const onRead = (count: number) => {
          read.set(store.context, count);
          progress.at([...read.values()].reduce((sum, one) => sum + one, 0));
        };
        const pages = scanCommits(clients.documents, tableOn(busName, store), { correlationId }, { signal, onRead });
        return { context: store.context, commits: await collected(pages) };
      }),
    );
  } finally {
    progress.end();
  }
}

/** Facts that are kept in no stream, such as what was mailed: the order view has seen them. */
async function otherFacts({ busName, clients }: Connection, known: readonly FlowFact[]): Promise<readonly FlowFact[]> {
  const orderIds = new Set(known.flatMap(({ data }) => orderIdIn(data)));
  const viewTable = await currentViewTable({ documents: clients.documents, busName });
  const views = await Promise.all([...orderIds].map((orderId) => readOrder(clients.documents, viewTable, orderId)));
  const ids = new Set(known.map(({ id }) => id));
  return views.flatMap((view) =>
    (view?.timeline ?? [])
      .filter(({ id, causationId }) => !ids.has(id) && causationId !== null && ids.has(causationId))
      .map(({ id, type, source, time, causationId }): FlowFact => {
        const context = source.split('.').at(-1) ?? source;
        return {
          id,
          type,
          timeMs: Date.parse(time),
          context,
          isPrivate: false,
          data: null,
          ...(causationId !== null && { causationId }),
        };
      }),
  );
}

function orderIdIn(data: unknown): readonly string[] {
  return typeof data === 'object' && data !== null && 'orderId' in data && typeof data.orderId === 'string'
    ? [data.orderId]
    : [];
}

function describe(
  { lines, durationMs, startMs }: Waterfall,
  flows: readonly string[],
  facts: readonly FlowFact[],
  terminal: Terminal,
): readonly string[] {
  const contexts = new Set(facts.map(({ context }) => context));
  const title = `${counted(facts.length, 'fact')} in ${counted(contexts.size, 'context')}, ${formatDuration(durationMs)}, from ${new Date(startMs).toISOString()}`;
  const columns = [
    { title: 'at', align: 'right' as const },
    { title: 'fact' },
    { title: 'stream' },
    { title: 'took', align: 'right' as const },
    { title: '' },
  ];
  const rows = lines.map(({ step, branch, sinceStartMs, tookMs, bar }): readonly Cell[] => [
    `${(sinceStartMs / 1000).toFixed(2)} s`,
    { text: `${branch}${nameOf(step)}`, paint: (text) => text.replace(nameOf(step), paintName(step, terminal)) },
    step.stream === undefined ? (step.context ?? '') : `${step.stream.id} v${step.stream.version}`,
    tookMs === undefined ? '' : formatDuration(tookMs),
    { text: bar, paint: (text) => terminal.paint('cyan', text) },
  ]);
  return [
    ...flows.map((flow) => terminal.paint('bold', `flow ${flow}`)),
    title,
    '',
    ...table(columns, rows, (text) => terminal.paint('dim', text)).map((line) => `  ${line}`),
  ];
}

function nameOf({ id, type, isPrivate }: FlowStep): string {
  if (type === undefined) return `event ${id} from outside`;
  return isPrivate ? `${type} (private)` : type;
}

function paintName(step: FlowStep, terminal: Terminal): string {
  const name = nameOf(step);
  if (step.type === undefined || step.isPrivate) return terminal.paint('dim', name);
  if (step.type === 'OrderCancelled') return terminal.paint('red', name);
  return step.type.endsWith('Failed') ? terminal.paint('yellow', name) : name;
}

function jsonOf({ atMs, isDated, timeMs: _, followers, ...step }: FlowStep): unknown {
  return { ...step, time: isDated ? new Date(atMs).toISOString() : null, followers: followers.map(jsonOf) };
}
