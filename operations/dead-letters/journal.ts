/** What becomes of letters on their way from one queue to another, in this order. */
export type Step =
  /** They are about to be sent: from here on nobody knows, until it is written that they were. */
  | 'sending'
  /** They were not sent after all. */
  | 'unsent'
  /** They are in the other queue: what is left is to remove them here. */
  | 'sent'
  | 'removed';

/** How far an earlier run came with a letter. */
export type Unfinished = 'sent' | 'uncertain';

/**
 * What is written down while letters are moved, so that a run that was cut off at any point can be gone on with. SQS
 * itself cannot tell whether a message was sent:
 *
 *     write 'sending' ─── send ─── write 'sent' ─── remove ─── write 'removed'
 *                      ▲                        ▲           ▲
 *                      cut off: uncertain       cut off: remove it, do not send it
 */
export interface Journal {
  /** The letters that earlier runs did not finish, by their message ids. */
  readonly unfinished: ReadonlyMap<string, Unfinished>;
  /** Resolves when it cannot be lost any more. */
  write(step: Step, messageIds: readonly string[]): Promise<void>;
}

/** For those who only look. */
export const noJournal: Journal = { unfinished: new Map(), write: () => Promise.resolve() };

/** One line of a journal. */
export interface Line {
  /** Milliseconds since 1970. */
  readonly atMs: number;
  readonly step: Step;
  readonly ids: readonly string[];
}

/** What the lines of a journal leave open. */
export function unfinishedOf(lines: readonly Line[]): ReadonlyMap<string, Unfinished> {
  const unfinished = new Map<string, Unfinished>();
  for (const { step, ids } of lines) {
    for (const id of ids) {
      if (step === 'sending') unfinished.set(id, 'uncertain');
      else if (step === 'sent') unfinished.set(id, 'sent');
      else unfinished.delete(id);
    }
  }
  return unfinished;
}
