import type { Pace } from '../pace.ts';
import type { Holdings } from './holdings.ts';
import type { Journal } from './journal.ts';
import type { Letter } from './letter.ts';
import { MOST_IN_BATCH, type Outgoing, type SendAnswer, type Sender } from './letter-queue.ts';
import type { HeldLetter } from './survey.ts';

/** What became of letters that were to be moved. */
export interface Moved {
  /** In the other queue, and off this one. */
  readonly moved: number;
  /** Not taken by the other queue, and still in this one. */
  readonly refused: readonly { readonly letter: Letter; readonly code: string; readonly message: string }[];
  /** Still in this queue, and perhaps in the other one too: the call that sent them got no answer. */
  readonly uncertain: readonly Letter[];
  /** Still in this queue, and not sent: it was stopped before, or somebody else had them. */
  readonly left: number;
}

export interface MovePorts {
  readonly holdings: Holdings;
  readonly sender: Sender;
  readonly journal: Journal;
  readonly pace: Pace;
}

export interface MoveOptions {
  /** What is sent for a letter. */
  readonly toOutgoing: (letter: Letter) => Outgoing;
  /** One batch after the other, as order in a FIFO queue demands. @default several at a time */
  readonly inOrder?: boolean;
  /** Stops after what is under way. */
  readonly signal?: AbortSignal;
  /** Told how many letters are dealt with. */
  readonly onProgress?: (count: number) => void;
}

/** How many batches may be under way at a time: enough that a slow answer does not slow the rate down. */
const AT_A_TIME = 16;

/**
 * Moves held letters to another queue at a rate: each is sent at most once, and not removed before it is sent. Wherever
 * it is cut off, each letter is in the other queue once, or still in this one; the journal knows which, but for those of
 * which the call was just under way. These stay, and nothing sends them again by itself.
 */
export async function move(
  letters: readonly HeldLetter[],
  { holdings, sender, journal, pace }: MovePorts,
  { toOutgoing, inOrder = false, signal, onProgress }: MoveOptions,
): Promise<Moved> {
  const refused: { letter: Letter; code: string; message: string }[] = [];
  const uncertain: Letter[] = [];
  let moved = 0;
  let left = 0;
  let done = 0;

  const send = async (ours: readonly HeldLetter[]) => {
    await journal.write('sending', idsOf(ours));
    const answers = await sender.send(ours.map(toOutgoing));
    const sent: HeldLetter[] = [];
    const unsent: HeldLetter[] = [];
    const unknown: HeldLetter[] = [];
    for (const [n, letter] of ours.entries()) {
      const answer = answers[n] ?? NO_ANSWER;
      if (answer.kind === 'sent') sent.push(letter);
      else if (answer.kind === 'unknown') unknown.push(letter);
      else {
        unsent.push(letter);
        refused.push({ letter, code: answer.code, message: answer.message });
      }
    }
    await Promise.all([journal.write('sent', idsOf(sent)), journal.write('unsent', idsOf(unsent))]);
    const stuck = new Set(await holdings.remove(receiptsOf(sent)));
    await journal.write('removed', idsOf(sent.filter(({ receipt }) => !stuck.has(receipt))));
    await holdings.giveBack(receiptsOf([...unsent, ...unknown]));
    uncertain.push(...unknown);
    moved += sent.length;
  };

  const moveBatch = async (batch: readonly HeldLetter[]) => {
    // Somebody else may have the others by now.
    const ours = batch.filter(({ receipt }) => holdings.isHeld(receipt));
    if (ours.length > 0) await send(ours);
    left += batch.length - ours.length;
    done += batch.length;
    onProgress?.(done);
  };

  const underWay = new Set<Promise<void>>();
  let at = 0;
  let failure: unknown;
  while (at < letters.length && failure === undefined) {
    const most = Math.min(MOST_IN_BATCH, letters.length - at);
    const count = await pace.next(most, { ...(signal && { signal }), whileWaiting: () => holdings.renew() });
    if (count === 0) break;
    holdings.renew();
    const work = moveBatch(letters.slice(at, at + count))
      .catch((error: unknown) => {
        failure ??= error;
      })
      .finally(() => underWay.delete(work));
    underWay.add(work);
    at += count;
    while (underWay.size >= (inOrder ? 1 : AT_A_TIME)) await Promise.race(underWay);
  }
  await Promise.all(underWay);
  if (failure !== undefined) throw failure;
  return { moved, refused, uncertain, left: left + letters.length - at };
}

const NO_ANSWER: SendAnswer = {
  kind: 'unknown',
  code: 'NoAnswer',
  message: 'the queue did not answer for the message',
};

function idsOf(letters: readonly HeldLetter[]): readonly string[] {
  return letters.map(({ messageId }) => messageId);
}

function receiptsOf(letters: readonly HeldLetter[]): readonly string[] {
  return letters.map(({ receipt }) => receipt);
}
