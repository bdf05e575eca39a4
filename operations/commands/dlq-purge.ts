import { open } from 'node:fs/promises';
import { Command } from 'commander';
import { timestamp } from '../../functions/backbone/clock.ts';
import type { Destination } from '../connection.ts';
import { isChosen } from '../dead-letters/selection.ts';
import { type HeldLetter, survey } from '../dead-letters/survey.ts';
import { EXIT, type Exit, OperatorError } from '../failure.ts';
import { counted, formatCount } from '../terminal/table.ts';
import { agreeWhileHolding, findDeadLetters, withJournal } from './dead-letter-queue.ts';
import { letterJson } from './letter-output.ts';
import {
  type Agreement,
  count,
  type SelectionOptions,
  selectionOf,
  withAgreement,
  withDestination,
  withJson,
  withSelection,
} from './options.ts';
import { connected, type Run, type Session } from './session.ts';

interface Options extends Destination, SelectionOptions, Agreement {
  readonly to?: string;
  readonly limit?: number;
  readonly json?: true;
}

/** How many letters are in the file before they are removed from the queue. */
const PART = 100;

export function dlqPurge(session: Session, run: Run): Command {
  const command = new Command('purge')
    .argument(
      '<queue>',
      'a consumer (orders), its rule (orders-target) or a relay (orders-relay); dlq list --all names all',
    )
    .summary('take dead letters off a queue, into a file')
    .description(
      'Takes dead letters off a queue for good. Each is written to a file before, a line of JSON a letter, body and reason ' +
        'included; what is not on the disk stays in the queue.',
    );
  withSelection(command, () => session.clock.now())
    .optionsGroup('Options:')
    .option('--to <file>', 'the file, which must not exist yet (default: <queue>-<time>.jsonl here)')
    .option('--limit <n>', 'the oldest so many of what is meant', count);
  withAgreement(command);
  withJson(command);
  return withDestination(command)
    .addHelpText(
      'after',
      `
Examples:
  $ npx factbus dlq purge orders --reason malformed --dry-run
  $ npx factbus dlq purge orders --until 7d --to old-letters.jsonl --stage prod
`,
    )
    .action((name: string, options: Options) => run(() => purge(session, name, options)));
}

async function purge(session: Session, name: string, options: Options): Promise<Exit> {
  const { terminal, clock, signal } = session;
  const connection = await connected(session, options);
  const { queue } = await findDeadLetters(session, connection, name);
  const selection = selectionOf(options);
  return await withJournal(session, connection, queue, async (holdings, journal) => {
    const progress = terminal.progress(`reading ${queue.name}`, queue.depth);
    const { chosen, lookedAt, isCutShort } = await survey(holdings, {
      isChosen: (letter) => isChosen(selection, letter),
      // What may have been sent is purged as well: a file keeps it.
      alsoUncertain: true,
      dryRun: options.dryRun === true,
      journal,
      clock,
      signal,
      ...(options.limit !== undefined && { limit: options.limit }),
      onRead: (read) => progress.at(read),
    }).finally(() => progress.end());
    const found = `${counted(chosen.length, 'letter')} of ${formatCount(lookedAt)} in ${queue.name}`;
    if (options.dryRun || chosen.length === 0) {
      if (options.json)
        terminal.printJson({ queue: queue.name, lookedAt, chosen: chosen.length, removed: 0, file: null });
      else terminal.print(`${found} ${chosen.length === 1 ? 'is' : 'are'} meant. Nothing was removed.`);
      return EXIT.ok;
    }
    const file = options.to ?? `${queue.name}-${timestamp(clock.now()).replaceAll(/[:.]/g, '')}.jsonl`;
    await agreeWhileHolding(terminal, holdings, `Remove ${found}, after writing them to ${file}?`, {
      yes: options.yes === true,
      signal,
    });

    const handle = await open(file, 'wx').catch((cause) => {
      throw new OperatorError(`${file} cannot be written: ${cause instanceof Error ? cause.message : cause}.`, {
        exit: EXIT.wrongUse,
        cause,
      });
    });
    const removing = terminal.progress('purging', chosen.length);
    let removed = 0;
    try {
      for (let at = 0; at < chosen.length && !signal.aborted; at += PART) {
        holdings.renew();
        const part = chosen.slice(at, at + PART).filter(({ receipt }) => holdings.isHeld(receipt));
        await handle.appendFile(part.map((letter) => `${JSON.stringify(letterJson(letter))}\n`).join(''));
        await handle.datasync();
        const stuck = new Set(await holdings.remove(receiptsOf(part)));
        await journal.write(
          'removed',
          part.filter(({ receipt }) => !stuck.has(receipt)).map(({ messageId }) => messageId),
        );
        removed += part.length - stuck.size;
        removing.at(removed);
      }
    } finally {
      removing.end();
      await handle.close();
    }
    if (options.json) terminal.printJson({ queue: queue.name, lookedAt, chosen: chosen.length, removed, file });
    else
      terminal.print(
        `${terminal.paint('green', '✔')} ${counted(removed, 'letter')} of ${queue.name} ${removed === 1 ? 'is' : 'are'} in ${file}, and off the queue.`,
      );
    if (isCutShort) terminal.say('There may be more, which could not be read together with these: run it again.');
    if (signal.aborted) return EXIT.interrupted;
    return removed === chosen.length ? EXIT.ok : EXIT.partly;
  });
}

function receiptsOf(letters: readonly HeldLetter[]): readonly string[] {
  return letters.map(({ receipt }) => receipt);
}
