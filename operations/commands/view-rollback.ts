import { Command } from 'commander';
import { type Generation, orderViewOf } from '../../functions/order-view/generations.ts';
import { sourceQueueOn } from '../catalogue.ts';
import type { Destination } from '../connection.ts';
import { requireQueue } from '../dead-letters/find-queue.ts';
import { EXIT, type Exit, notFound } from '../failure.ts';
import { switchView, viewsOn } from '../view/generations.ts';
import { type Agreement, count, withAgreement, withDestination, withJson } from './options.ts';
import { connected, type Run, type Session } from './session.ts';

interface Options extends Destination, Agreement {
  readonly to?: Generation;
  readonly json?: true;
}

export function viewRollback(session: Session, run: Run): Command {
  const command = new Command('rollback')
    .summary('read the order view from before the rebuild again')
    .description(
      'Lets the generation of the order view be read again that was read before a rebuild. It was kept up to date all the ' +
        'time, so nothing has to be filled; the newer one stays as well.',
    )
    .optionsGroup('Options:')
    .option('--to <generation>', 'this one (default: the one before the current)', count);
  withAgreement(command);
  withJson(command);
  return withDestination(command)
    .addHelpText(
      'after',
      `
Examples:
  $ npx factbus view rollback --stage prod
  $ npx factbus view rollback --to 1 --local --yes
`,
    )
    .action((options: Options) => run(() => rollback(session, options)));
}

async function rollback(session: Session, options: Options): Promise<Exit> {
  const { terminal, clock, signal } = session;
  const { clients, busName } = await connected(session, options);
  const place = { documents: clients.documents, busName };
  const { current: from, tables } = await viewsOn(place);
  const to = options.to ?? tables.findLast((one) => one < from);
  if (to === undefined || !tables.includes(to)) {
    throw notFound(
      `There is no generation ${to ?? `before ${from}`} of the order view.`,
      `There are ${tables.join(', ')}.`,
    );
  }
  // A table that is kept without its consumer has stood still since.
  await requireQueue(clients.queues, sourceQueueOn(busName, orderViewOf(to)));
  if (!options.dryRun) {
    await terminal.agree(`Read generation ${to} of the order view instead of ${from}?`, options.yes === true, signal);
    await switchView(place, { from, to }, clock);
  }
  if (options.json) terminal.printJson({ from, to, dryRun: options.dryRun === true });
  else if (options.dryRun) terminal.print(`Generation ${to} would be read instead of ${from}. Nothing was done.`);
  else terminal.print(`${terminal.paint('green', '✔')} Generation ${to} of the order view is read now, as before.`);
  return EXIT.ok;
}
