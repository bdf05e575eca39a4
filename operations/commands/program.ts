import { Command, CommanderError, Option } from 'commander';
import { EXIT, type Exit } from '../failure.ts';
import { dlqEdit } from './dlq-edit.ts';
import { dlqList } from './dlq-list.ts';
import { dlqPurge } from './dlq-purge.ts';
import { dlqRedrive } from './dlq-redrive.ts';
import { dlqShow } from './dlq-show.ts';
import { eventsSend } from './events-send.ts';
import { eventsTail } from './events-tail.ts';
import { explain } from './explain.ts';
import { ordersShow } from './orders-show.ts';
import { relayRepair } from './relay-repair.ts';
import { replay } from './replay.ts';
import type { Run, Session } from './session.ts';
import { trace } from './trace.ts';
import { viewRebuild } from './view-rebuild.ts';
import { viewRollback } from './view-rollback.ts';

const EXIT_CODES = `
Exit codes:
  0    done; a list may be empty
  1    failed: the message says what
  2    the command line, or the data, cannot be meant
  3    what was asked for is not there
  4    done in part: what is left, and why, was said
  5    nothing was done, because nobody agreed (give --yes)
  130  stopped by Ctrl-C or a signal, in order; the same command goes on
`;

const START = `
Start with:
  $ npx factbus dlq list --local                     what has failed, and why
  $ npx factbus orders show order-c1 --local         what became of an order
  $ npx factbus dlq redrive orders --dry-run         what would be sent again

Answers go to standard output, all that is said about them to standard error. --json is for programs.
`;

/** The whole command line. */
export function program(session: Session, run: Run): Command {
  const root = new Command('factbus')
    .description(
      'Operates a stage of factbus: looks into flows, and mends what has failed. Works alike on AWS and on a local one.',
    )
    .addCommand(
      group('events', 'send facts, and watch them pass')
        .addCommand(eventsSend(session, run))
        .addCommand(eventsTail(session, run)),
    )
    .addCommand(group('orders', 'look into orders').addCommand(ordersShow(session, run)))
    .addCommand(trace(session, run))
    .addCommand(
      group('dlq', 'dead letters: see, mend, send again, take away')
        .addCommand(dlqList(session, run))
        .addCommand(dlqShow(session, run))
        .addCommand(dlqRedrive(session, run))
        .addCommand(dlqEdit(session, run))
        .addCommand(dlqPurge(session, run)),
    )
    .addCommand(group('relay', 'publish what a relay could not').addCommand(relayRepair(session, run)))
    .addCommand(replay(session, run))
    .addCommand(
      group('view', 'build the order view anew')
        .addCommand(viewRebuild(session, run))
        .addCommand(viewRollback(session, run)),
    )
    .addHelpText('after', START + EXIT_CODES);
  configure(root, session);
  return root;
}

function group(name: string, summary: string): Command {
  return new Command(name).summary(summary).description(`${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`);
}

/** One way to fail and to print, for every command. */
function configure(command: Command, session: Session): void {
  const { terminal } = session;
  command
    .exitOverride()
    .addHelpOption(new Option('-h, --help', 'this, with examples').helpGroup('Options:'))
    .helpCommand(false)
    .configureOutput({
      writeOut: (text) => terminal.print(text.trimEnd()),
      // What is wrong is said once, by `execute`.
      writeErr: () => {},
    });
  for (const own of command.commands) configure(own, session);
}

/**
 * Runs a command line.
 *
 * @param words those behind `factbus`
 * @returns the exit code
 */
export async function execute(session: Session, words: readonly string[]): Promise<Exit> {
  const { terminal, signal } = session;
  let exit: Exit = EXIT.ok;
  const root = program(session, async (work) => {
    exit = await work();
  });
  try {
    await root.parseAsync([...words], { from: 'user' });
    return exit;
  } catch (error) {
    if (error instanceof CommanderError) return misused(session, error, root, words);
    if (signal.aborted) {
      terminal.say('Stopped.');
      return EXIT.interrupted;
    }
    const { lines, exit } = explain(error);
    terminal.say(...lines.map((line, n) => (n === 0 ? terminal.paintSaid('red', line) : line)));
    return exit;
  }
}

function misused({ terminal }: Session, error: CommanderError, root: Command, words: readonly string[]): Exit {
  if (error.exitCode === 0) return EXIT.ok;
  const named = commandOf(root, words);
  // A group alone asks which of its commands there are.
  if (error.code === 'commander.help') {
    terminal.print(named.helpInformation().trimEnd());
    return EXIT.wrongUse;
  }
  const path = pathOf(named);
  terminal.say(
    terminal.paintSaid('red', `✖ ${sentence(error.message.replace(/^error: /, ''))}`),
    `  → How it is used: npx ${path} --help`,
  );
  return EXIT.wrongUse;
}

/** The command that the words lead to. */
function commandOf(root: Command, words: readonly string[]): Command {
  const [word, ...rest] = words;
  const own = root.commands.find((command) => command.name() === word);
  return own === undefined ? root : commandOf(own, rest);
}

function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
