import type { Commit } from '../../functions/backbone/event-store.ts';
import { EventBridgePublisher } from '../../functions/backbone/eventbridge-publisher.ts';
import type { Store } from '../catalogue.ts';
import type { Connection } from '../connection.ts';
import { EXIT, type Exit } from '../failure.ts';
import { formatDuration } from '../moment.ts';
import { Pace } from '../pace.ts';
import { type Repaired, repair } from '../relay/repair.ts';
import { counted, formatCount } from '../terminal/table.ts';
import type { Session } from './session.ts';

/** How it is repaired, whatever it is. */
export interface RepairOptions {
  readonly rate: number;
  readonly dryRun?: true;
  readonly yes?: true;
  readonly json?: true;
}

/** Publishes at one rate, and shows how far it is, however many parts it is done in. */
export function repairOf(
  { terminal, clock, signal }: Session,
  { clients, busName }: Connection,
  { source }: Store,
  options: RepairOptions,
) {
  const publisher = new EventBridgePublisher(clients.events, { bus: busName, clock });
  const pace = new Pace(options.rate, clock);
  const progress = terminal.progress(options.dryRun ? 'reading' : 'publishing');
  const dryRun = options.dryRun === true;
  let before = 0;
  return {
    end: () => progress.end(),
    async publish(pages: AsyncIterable<readonly Commit[]>): Promise<Repaired> {
      const onProgress = (count: number) => progress.at(before + count);
      const repaired = await repair(pages, source, publisher, { pace, clock, dryRun, signal, onProgress });
      before += repaired.published;
      return repaired;
    },
  };
}

/** What was published. */
export function tell(
  { terminal }: Session,
  { context }: Store,
  repaired: Repaired,
  elapsedMs: number,
  { json, dryRun }: RepairOptions,
): void {
  const { commits, published, unpublished } = repaired;
  if (json) {
    terminal.printJson({
      context,
      ...repaired,
      published: dryRun ? 0 : published,
      facts: published,
      dryRun: dryRun === true,
    });
    return;
  }
  if (dryRun) {
    terminal.print(`${counted(published, 'fact')} of ${counted(commits, 'commit')} would be published. Nothing was.`);
    return;
  }
  const mark = unpublished.length === 0 ? terminal.paint('green', '✔') : terminal.paint('yellow', '!');
  terminal.print(
    `${mark} ${counted(published, 'fact')} of ${counted(commits, 'commit')} of ${context} ${published === 1 ? 'is' : 'are'} on the bus again, in ${formatDuration(elapsedMs)}.`,
  );
  for (const { stream, version, type, code, message } of unpublished.slice(0, 10)) {
    terminal.print(`  ${type} of ${stream} v${version} was not taken: ${code} ${message}`);
  }
  if (unpublished.length > 10) terminal.print(`  … and ${formatCount(unpublished.length - 10)} more.`);
}

/** The exit code that a repair stands for. */
export function exitOf({ signal, terminal }: Session, { unpublished }: Repaired): Exit {
  if (signal.aborted) {
    terminal.say('Stopped. To publish again from the beginning does no harm.');
    return EXIT.interrupted;
  }
  return unpublished.length === 0 ? EXIT.ok : EXIT.partly;
}
