import { Command } from 'commander';
import { UnreadableEvent } from '../../functions/backbone/envelope.ts';
import type { Destination } from '../connection.ts';
import type { Change } from '../dead-letters/changes.ts';
import { edited, editOf, parsePatch, patched, revalidate } from '../dead-letters/edit.ts';
import { splitEdits } from '../dead-letters/edit-history.ts';
import { type Moved, move } from '../dead-letters/move.ts';
import { isChosen } from '../dead-letters/selection.ts';
import { SqsSender } from '../dead-letters/sqs-sender.ts';
import { type HeldLetter, survey } from '../dead-letters/survey.ts';
import { EXIT, type Exit, notFound, OperatorError, wrongUse } from '../failure.ts';
import { Pace } from '../pace.ts';
import { type FoundDeadLetters, findDeadLetters, refuseRelay, withJournal } from './dead-letter-queue.ts';
import { editText } from './editor.ts';
import { readInput } from './input.ts';
import { describeChange, pretty } from './letter-output.ts';
import { type Agreement, withAgreement, withDestination, withJson } from './options.ts';
import { connected, type Run, type Session } from './session.ts';

interface Options extends Destination, Agreement {
  readonly patch?: string;
  readonly why?: string;
  readonly json?: true;
}

/** How often a hold is renewed while somebody types. */
const RENEW_EVERY_MS = 1_000;

export function dlqEdit(session: Session, run: Run): Command {
  const command = new Command('edit')
    .argument('<queue>', 'a consumer (orders), or its rule (orders-target)')
    .argument('<id>', 'of the message or of its event')
    .summary('mend the body of a dead letter')
    .description(
      'Mends the body of a dead letter, in $VISUAL or $EDITOR or by a JSON patch (RFC 6902). The new body must be one that the ' +
        'consumer can read and that fits its schema. What was changed, when and why is kept in the message; it stays in the ' +
        'dead-letter queue, under a new message id, until it is redriven.',
    )
    .optionsGroup('Options:')
    .option(
      '--patch <json>',
      "a JSON patch, whose paths begin with /detail/data for the fact's data; @file reads a file, - standard input",
    )
    .option('--why <text>', 'why it is changed: kept with the message');
  withAgreement(command);
  withJson(command);
  return withDestination(command)
    .addHelpText(
      'after',
      `
Examples:
  $ npx factbus dlq edit orders 8f14e45f-ceea-467f-a8cf-2f1f5b0c9d11 --why 'the storefront sent no currency'
  $ npx factbus dlq edit orders cart-event-7 --yes --why 'no currency' \\
      --patch '[{ "op": "add", "path": "/detail/data/currency", "value": "EUR" }]'
  $ npx factbus dlq redrive orders --id cart-event-7
`,
    )
    .action((name: string, id: string, options: Options) => run(() => edit(session, name, id, options)));
}

async function edit(session: Session, name: string, id: string, options: Options): Promise<Exit> {
  const { terminal, clock, signal } = session;
  const patch = options.patch === undefined ? undefined : parsePatch(await patchText(session, options.patch));
  if (options.why === undefined && !terminal.isInteractive)
    throw wrongUse('Say why with --why: it is kept with the message.');
  const connection = await connected(session, options);
  const letters = await findDeadLetters(session, connection, name);
  refuseRelay(letters, 'edited');
  const { queue } = letters;
  return await withJournal(session, connection, queue, async (holdings, journal) => {
    const renewing = setInterval(() => holdings.renew(), RENEW_EVERY_MS);
    try {
      const { chosen, lookedAt } = await survey(holdings, {
        isChosen: (letter) => isChosen({ ids: [id] }, letter),
        journal,
        clock,
        signal,
        alsoUncertain: true,
        dryRun: options.dryRun === true,
      });
      const letter = theOnly(chosen, id, queue.name, lookedAt);
      const before = splitEdits(letter.body).body;
      const after = patch === undefined ? await editedByHand(session, letters, before) : patched(before, patch);
      const changes = editOf(before, after);
      if (changes.length === 0) {
        terminal.say('Nothing was changed.');
        return EXIT.ok;
      }
      refuseInvalid(session, letters, after);
      tell(session, changes, options);
      if (options.dryRun) return EXIT.ok;
      const why = options.why ?? (await terminal.ask('Why? ', signal)).trim();
      if (why === '') throw wrongUse('Without a reason nothing is changed.');
      const question = `Put this in the place of ${letter.messageId} in ${queue.name}?`;
      await terminal.agree(question, options.yes === true, signal);
      const sender = new SqsSender(connection.clients.queuesOnce, queue.url, clock);
      const pace = new Pace(Number.POSITIVE_INFINITY, clock);
      const toOutgoing = () => edited(letter, after, why, clock.now());
      const moved = await move([letter], { holdings, sender, journal, pace }, { toOutgoing });
      const eventId = letter.eventId ?? id;
      refuseUnmoved(moved, queue.name, `npx factbus dlq show ${name} ${eventId}`);
      if (options.json) return EXIT.ok;
      terminal.print(`${terminal.paint('green', '✔')} The mended letter is in ${queue.name}.`);
      terminal.say(terminal.paintSaid('dim', `To its consumer: npx factbus dlq redrive ${name} --id ${eventId}`));
      return EXIT.ok;
    } finally {
      clearInterval(renewing);
    }
  });
}

/** @throws OperatorError when the mended letter did not take the place of the broken one */
function refuseUnmoved({ moved, refused: [refusal], uncertain }: Moved, queueName: string, show: string): void {
  if (moved === 1) return;
  const why =
    refusal === undefined
      ? `The letter is still there, and the mended one perhaps as well: ${queueName} did not answer.`
      : `${queueName} did not take the mended letter: ${refusal.code} ${refusal.message}`;
  const exit = uncertain.length > 0 ? EXIT.partly : EXIT.failed;
  throw new OperatorError(why, { exit, remedies: [`See what is there: ${show}`] });
}

async function patchText(session: Session, patch: string): Promise<string> {
  if (patch === '-') return await readInput(session, '-');
  return patch.startsWith('@') ? await readInput(session, patch.slice(1)) : patch;
}

function theOnly(chosen: readonly HeldLetter[], id: string, queueName: string, lookedAt: number): HeldLetter {
  const [letter, ...others] = chosen;
  if (letter === undefined) throw notFound(`${queueName} holds no letter ${id} (${lookedAt} looked at).`);
  if (others.length === 0) return letter;
  throw wrongUse(
    `${queueName} holds ${chosen.length} letters of the event ${id}.`,
    `Name one: ${chosen.map(({ messageId }) => messageId).join(', ')}`,
  );
}

/** Lets a person edit until the consumer could read it, or until they give up. */
async function editedByHand(session: Session, letters: Editable, before: string): Promise<string> {
  const { terminal, environment, signal } = session;
  let text = pretty(before);
  while (true) {
    text = await editText(text, environment);
    const after = compact(text);
    const faults = after === before ? [] : faultsOf(session, letters, after);
    if (faults.length === 0) return after;
    terminal.say(...faults);
    if (!terminal.isInteractive) return after;
    const answer = await terminal.ask('Edit again? [Y/n] ', signal);
    if (/^n/i.test(answer.trim())) throw new OperatorError('Nothing was changed.', { exit: EXIT.declined });
  }
}

type Editable = Exclude<FoundDeadLetters, { kind: 'relay' }>;

/** As EventBridge writes it, where it is JSON. */
function compact(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return text.trim();
  }
}

function faultsOf({ clock }: Session, { subscription }: Editable, body: string): readonly string[] {
  try {
    revalidate(subscription, body, clock);
    return [];
  } catch (error) {
    if (!(error instanceof UnreadableEvent)) throw error;
    return [`${subscription.name} could not read it (${error.reason}): ${error.message}`];
  }
}

function refuseInvalid(session: Session, letters: Editable, body: string): void {
  const [fault] = faultsOf(session, letters, body);
  if (fault !== undefined) throw wrongUse(`${fault}. Nothing was changed.`);
}

function tell({ terminal }: Session, changes: readonly Change[], { json, dryRun }: Options): void {
  if (json) terminal.printJson({ changes, dryRun: dryRun === true });
  else terminal.print(...changes.map(describeChange));
  if (dryRun) terminal.say('The consumer can read it. Nothing was changed.');
}
