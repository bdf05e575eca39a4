import type { Clock } from '../../functions/backbone/clock.ts';
import type { Holdings } from './holdings.ts';
import type { Journal } from './journal.ts';
import { type Letter, readLetter } from './letter.ts';
import type { Received } from './letter-queue.ts';

/** A letter that is ours for a while. */
export type HeldLetter = Letter & Pick<Received, 'receipt'>;

/** What a queue holds of what is meant, all of it held until it is removed or given back. */
export interface Survey {
  /** Oldest first; of a FIFO queue, in its order. */
  readonly chosen: readonly HeldLetter[];
  /** How many letters were looked at. */
  readonly lookedAt: number;
  /** Whether there may be more that could not be looked at now. */
  readonly isCutShort: boolean;
  /** Letters that an earlier run had sent already: they were removed, unless it is a dry run. */
  readonly settled: number;
  /** Letters that are meant, and of which nobody knows whether an earlier run sent them: given back. */
  readonly uncertain: readonly Letter[];
}

export interface SurveyOptions {
  readonly isChosen: (letter: Letter) => boolean;
  readonly clock: Pick<Clock, 'now'>;
  readonly journal: Journal;
  /** Chooses also letters of which nobody knows whether they were sent. */
  readonly alsoUncertain?: boolean;
  /** Leaves letters where they are that an earlier run had sent already. @default they are removed */
  readonly dryRun?: boolean;
  /** Chooses the oldest of what is meant. @default all */
  readonly limit?: number;
  /** Looks at so many letters and no more. @default all */
  readonly most?: number;
  readonly signal?: AbortSignal;
  /** Told how many letters have been looked at. */
  readonly onRead?: (count: number) => void;
}

/** How many calls ask for letters at a time. */
const READERS = 4;

/** SQS hides at most 120,000 messages of a queue at a time. */
const MOST_HELD = 100_000;
const MOST_BYTES = 256 * 1024 * 1024;

/** With so many in a row that came while we were reading, what was there before has been read. */
const MOST_YOUNG = 100;

/**
 * Reads a dead-letter queue through. SQS knows no other way to find a message than to receive all, so everything is
 * received and hidden; what is not meant is given back when the queue has been read.
 */
export async function survey(holdings: Holdings, options: SurveyOptions): Promise<Survey> {
  const { isChosen, journal, alsoUncertain = false, dryRun = false, limit = Number.POSITIVE_INFINITY } = options;
  const chosen: HeldLetter[] = [];
  const others: string[] = [];
  const sent: Received[] = [];
  const uncertain: Letter[] = [];
  const take = (received: Received) => {
    const earlier = journal.unfinished.get(received.messageId);
    if (earlier === 'sent') {
      sent.push(received);
      return;
    }
    const letter: HeldLetter = { ...readLetter(received), receipt: received.receipt };
    const isMeant = isChosen(letter);
    if (isMeant && earlier === 'uncertain') uncertain.push(letter);
    if (isMeant && (earlier === undefined || alsoUncertain)) chosen.push(letter);
    else others.push(received.receipt);
  };

  const { lookedAt, isCutShort } = await readThrough(holdings, take, options);
  if (!dryRun) await settle(sent, holdings, journal);
  chosen.sort(byAge);
  const beyond = chosen.splice(limit);
  const notNow = dryRun ? [...beyond, ...sent] : beyond;
  await holdings.giveBack([...others, ...notNow.map(({ receipt }) => receipt)]);
  const isFifo = chosen.some(({ group }) => group !== undefined);
  return {
    chosen,
    lookedAt,
    // What is held of a group hides the rest of the group.
    isCutShort: isCutShort || isFifo,
    settled: sent.length,
    uncertain: alsoUncertain ? [] : uncertain,
  };
}

/** Removes what an earlier run has sent. What cannot be removed now stays in the journal, for the next one. */
async function settle(sent: readonly Received[], holdings: Holdings, journal: Journal): Promise<void> {
  const stuck = new Set(await holdings.remove(sent.map(({ receipt }) => receipt)));
  const removed = sent.filter(({ receipt }) => !stuck.has(receipt));
  await journal.write(
    'removed',
    removed.map(({ messageId }) => messageId),
  );
}

/** Reads until nothing more comes, or nothing but what came in the meantime, or until no more can be held. */
async function readThrough(
  holdings: Holdings,
  take: (received: Received) => void,
  { clock, most = Number.POSITIVE_INFINITY, signal, onRead }: SurveyOptions,
): Promise<{ lookedAt: number; isCutShort: boolean }> {
  const startMs = clock.now();
  const seen = new Set<string>();
  let bytes = 0;
  let young = 0;
  const isFull = () => holdings.count >= MOST_HELD || bytes >= MOST_BYTES || seen.size >= most;
  const isOver = () => isFull() || young >= MOST_YOUNG || signal?.aborted === true;
  const readOn = async () => {
    while (!isOver()) {
      holdings.renew();
      const received = await holdings.receive();
      if (received.length === 0) return;
      for (const message of received) {
        // Standard queues give a message twice now and then.
        if (seen.has(message.messageId)) continue;
        seen.add(message.messageId);
        bytes += message.body.length;
        young = message.sentMs > startMs ? young + 1 : 0;
        take(message);
      }
      onRead?.(seen.size);
    }
  };
  await Promise.all(Array.from({ length: READERS }, readOn));
  return { lookedAt: seen.size, isCutShort: isFull() };
}

function byAge(one: Letter, other: Letter): number {
  const [first, second] = [BigInt(one.sequenceNumber ?? 0), BigInt(other.sequenceNumber ?? 0)];
  if (first !== second) return first < second ? -1 : 1;
  return one.sentMs - other.sentMs || one.messageId.localeCompare(other.messageId);
}
