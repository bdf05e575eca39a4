import type { FoundQueue } from '../dead-letters/find-queue.ts';
import type { Moved } from '../dead-letters/move.ts';
import { summarise } from '../dead-letters/summary.ts';
import type { Survey } from '../dead-letters/survey.ts';
import { formatDuration } from '../moment.ts';
import { counted, formatCount } from '../terminal/table.ts';
import type { Terminal } from '../terminal/terminal.ts';

interface ReportOptions {
  readonly rate: number;
  readonly dryRun?: true;
  readonly json?: true;
}

/** What was found, before anything is done. */
export function tellFindings(
  found: Survey,
  queue: FoundQueue,
  target: FoundQueue,
  options: ReportOptions,
  terminal: Terminal,
): void {
  const { chosen, lookedAt, settled, uncertain } = found;
  const { reasons, types } = summarise(chosen);
  const named = (counts: typeof reasons) => counts.map(({ name, count }) => `${name} ${formatCount(count)}`).join(', ');
  const say = options.dryRun && !options.json ? terminal.print.bind(terminal) : terminal.say.bind(terminal);
  if (settled > 0)
    say(
      `${counted(settled, 'letter')} that an earlier command had sent ${settled === 1 ? 'is' : 'are'} ${options.dryRun ? 'still in' : 'off'} ${queue.name}.`,
    );
  if (uncertain.length > 0) {
    say(
      `${counted(uncertain.length, 'letter')} may have been sent when an earlier command was cut off, and ${uncertain.length === 1 ? 'stays' : 'stay'} in ${queue.name}.`,
      '  Consumers know an event that comes twice: --also-uncertain sends them again.',
    );
  }
  if (chosen.length === 0) {
    const others = queue.held > 0 ? ` ${formatCount(queue.held)} more were held by others.` : '';
    say(`Nothing to redrive: none of ${counted(lookedAt, 'letter')} in ${queue.name} is meant.${others}`);
    return;
  }
  say(
    `${counted(chosen.length, 'letter')} of ${formatCount(lookedAt)} in ${queue.name} ${chosen.length === 1 ? 'is' : 'are'} meant, for ${target.name}:`,
    `  why    ${named(reasons)}`,
    `  facts  ${named(types)}`,
  );
  const seconds = options.rate === Number.POSITIVE_INFINITY ? undefined : chosen.length / options.rate;
  if (options.dryRun)
    say(
      seconds === undefined
        ? 'Nothing was sent.'
        : `Nothing was sent. At ${options.rate}/s it would take ${formatDuration(seconds * 1000)}.`,
    );
}

/** What was done. */
export function tellResult(
  { moved, refused, uncertain, left }: Moved,
  queue: FoundQueue,
  target: FoundQueue,
  elapsedMs: number,
  terminal: Terminal,
): void {
  const isWhole = refused.length + uncertain.length + left === 0;
  const mark = isWhole ? terminal.paint('green', '✔') : terminal.paint('yellow', '!');
  terminal.print(
    `${mark} ${counted(moved, 'letter')} went from ${queue.name} to ${target.name} in ${formatDuration(elapsedMs)}.`,
  );
  if (left > 0)
    terminal.print(
      `  ${counted(left, 'letter')} ${left === 1 ? 'was' : 'were'} not sent, and ${left === 1 ? 'is' : 'are'} still there.`,
    );
  if (uncertain.length > 0) {
    terminal.print(
      `  ${counted(uncertain.length, 'letter')} got no answer: still there, and perhaps sent as well. --also-uncertain sends again.`,
    );
  }
  for (const { letter, code, message } of refused.slice(0, 5))
    terminal.print(`  ${letter.messageId} was not taken: ${code} ${message}`);
  if (refused.length > 5) terminal.print(`  … and ${formatCount(refused.length - 5)} more were not taken.`);
}

/** What was found and done, for programs. */
export function resultOf(
  queue: FoundQueue,
  target: FoundQueue,
  found: Survey,
  moved: Moved,
  elapsedMs: number,
): object {
  return {
    queue: queue.name,
    to: target.name,
    lookedAt: found.lookedAt,
    chosen: found.chosen.length,
    settled: found.settled,
    moved: moved.moved,
    refused: moved.refused.map(({ letter, code, message }) => ({ messageId: letter.messageId, code, message })),
    uncertain: [...found.uncertain, ...moved.uncertain].map(({ messageId }) => messageId),
    left: moved.left,
    seconds: elapsedMs / 1000,
  };
}
