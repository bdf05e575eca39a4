import { Command } from 'commander';
import type { Commit } from '../../functions/backbone/event-store.ts';
import { type OrderView, readOrder } from '../../functions/order-view/view.ts';
import type { Destination } from '../connection.ts';
import { EXIT, type Exit, notFound } from '../failure.ts';
import { type ContextCommits, commitsOfOrder } from '../streams/read-order.ts';
import { formatMoney } from '../terminal/money.ts';
import { type Cell, fields, table } from '../terminal/table.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { currentViewTable } from '../view/generations.ts';
import { withDestination, withJson } from './options.ts';
import { connected, type Run, type Session } from './session.ts';

interface Options extends Destination {
  readonly json?: true;
}

export function ordersShow(session: Session, run: Run): Command {
  const command = new Command('show')
    .argument('<orderId>', `such as order-c1: "order-" and the cart's id`)
    .summary('show an order: its view, its facts, and what caused them')
    .description(
      'Shows an order: the view, as customers see it, and what every context has committed about it, with the events that ' +
        'caused each commit. Where the two differ, the streams are right and the view is late.',
    )
    .optionsGroup('Options:');
  withJson(command);
  return withDestination(command)
    .addHelpText(
      'after',
      `
Examples:
  $ npx factbus orders show order-c1 --local
  $ npx factbus orders show order-c1 --json | jq -r .view.status
`,
    )
    .action((orderId: string, options: Options) => run(() => show(session, orderId, options)));
}

async function show(session: Session, orderId: string, options: Options): Promise<Exit> {
  const { terminal, catalogue } = session;
  const { busName, clients } = await connected(session, options);
  const viewTable = await currentViewTable({ documents: clients.documents, busName });
  const [view, contexts] = await Promise.all([
    readOrder(clients.documents, viewTable, orderId),
    commitsOfOrder(clients.documents, busName, catalogue.stores, orderId),
  ]);
  const known = contexts.filter(({ commits }) => commits.length > 0);
  if (view === undefined && known.length === 0) {
    throw notFound(`Nobody knows ${orderId}.`, `An order's id is "order-" and the id of its cart.`);
  }
  if (options.json) {
    terminal.printJson({
      orderId,
      view: view ?? null,
      commits: known.flatMap(({ context, commits }) => commits.map((commit) => ({ context, ...commit }))),
    });
    return EXIT.ok;
  }
  terminal.print(...describeView(orderId, view, terminal), '', ...describeCommits(known, view, terminal));
  terminal.say('', terminal.paintSaid('dim', `Over time: npx factbus trace ${orderId}`));
  return EXIT.ok;
}

function describeView(orderId: string, view: OrderView | undefined, terminal: Terminal): readonly string[] {
  const title = terminal.paint('bold', `View of ${orderId}`);
  if (view === undefined) return [title, '', terminal.paint('yellow', '  there is none yet')];
  const { lines = [], total, currency, timeline, lastUpdated, status = 'unknown yet' } = view;
  const pairs: readonly (readonly [string, string | undefined])[] = [
    ['status', paintStatus(status, terminal)],
    ['reason', view.reason],
    ['customer', view.customerId],
    [
      'lines',
      lines
        .map(
          ({ sku, quantity, unitPrice }) =>
            `${quantity} × ${sku}${currency === undefined ? '' : ` at ${formatMoney(unitPrice, currency)}`}`,
        )
        .join('\n') || undefined,
    ],
    ['total', total === undefined || currency === undefined ? undefined : formatMoney(total, currency)],
    ['payment', view.paymentId],
    ['shipment', view.shipmentId],
    ['tracking code', view.trackingCode],
    ['timeline', `${timeline.length} facts, the last at ${lastUpdated}`],
  ];
  return [title, '', ...indented(fields(pairs, (name) => terminal.paint('dim', name)))];
}

function paintStatus(status: string, terminal: Terminal): string {
  if (status === 'shipped') return terminal.paint('green', status);
  return status === 'cancelled' ? terminal.paint('red', status) : status;
}

function describeCommits(
  contexts: readonly ContextCommits[],
  view: OrderView | undefined,
  terminal: Terminal,
): readonly string[] {
  const types = typesById(contexts, view);
  const viewed = new Set(view?.timeline.map(({ id }) => id));
  const rows = contexts
    .flatMap(({ commits }) => commits.map((commit) => rowsOf(commit, types, viewed, terminal)))
    .flat();
  const columns = [
    { title: 'time' },
    { title: 'stream' },
    { title: 'v', align: 'right' as const },
    { title: 'fact' },
    { title: 'caused by' },
  ];
  const outOfStreams = (view?.timeline ?? []).filter(
    ({ id }) => !contexts.some(({ commits }) => commits.some(({ facts }) => facts.some((fact) => fact.id === id))),
  );
  const others = outOfStreams.map(({ time, source, type, causationId }): readonly Cell[] => {
    return [time, source, '', type, causedBy(causationId ?? '', types)];
  });
  const all = [...rows, ...others].sort((one, other) => String(one[0]).localeCompare(String(other[0])));
  return [
    terminal.paint('bold', 'What was committed'),
    '',
    ...indented(table(columns, all, (title) => terminal.paint('dim', title))),
  ];
}

function rowsOf(
  { stream, version, time, facts, causes }: Commit,
  types: ReadonlyMap<string, string>,
  viewed: ReadonlySet<string>,
  terminal: Terminal,
): readonly (readonly Cell[])[] {
  if (facts.length === 0) {
    const by = causes.map(({ subscription, eventId }) => `${causedBy(eventId, types)} → ${subscription}`).join(', ');
    return [
      [time, stream, String(version), { text: 'nothing followed', paint: (text) => terminal.paint('dim', text) }, by],
    ];
  }
  return facts.map((fact): readonly Cell[] => {
    const subscription = causes.find(({ eventId }) => eventId === fact.causationId)?.subscription;
    const by = `${causedBy(fact.causationId, types)}${subscription === undefined ? '' : ` → ${subscription}`}`;
    const note =
      fact.published === undefined
        ? ' (private)'
        : viewed.size > 0 && !viewed.has(fact.id)
          ? ' (not in the view yet)'
          : '';
    return [time, stream, String(version), `${fact.type}${note}`, by];
  });
}

/** What an event is called by its id: its fact, where a stream or the view knows it. */
function causedBy(eventId: string, types: ReadonlyMap<string, string>): string {
  return types.get(eventId) ?? `event ${eventId}`;
}

function typesById(contexts: readonly ContextCommits[], view: OrderView | undefined): ReadonlyMap<string, string> {
  const committed = contexts.flatMap(({ commits }) =>
    commits.flatMap(({ facts }) => facts.map(({ id, type }) => [id, type] as const)),
  );
  return new Map([...(view?.timeline.map(({ id, type }) => [id, type] as const) ?? []), ...committed]);
}

function indented(lines: readonly string[]): readonly string[] {
  return lines.map((line) => (line === '' ? '' : `  ${line}`));
}
