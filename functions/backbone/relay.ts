import type { Metadata } from './envelope.ts';
import type { Commit } from './event-store.ts';
import type { Publication, Publisher } from './publisher.ts';
import { traceparentOf } from './trace-context.ts';

/** A change of the table, in the order of its stream. */
export interface TableChange {
  /** The record's number in the table's stream. */
  readonly sequenceNumber: string;
  readonly key: CommitKey;
  /** What is to be published for it; throws when the change cannot be understood. */
  readonly publications: () => readonly Publication[];
}

/** Where a commit stands in its table: enough to find it again, which is all that a dead letter keeps of it. */
export interface CommitKey {
  readonly pk: string;
  readonly sk: number;
}

/** A commit of which something cannot be published; the table still holds it whole. */
export interface RefusedCommit {
  readonly key: CommitKey;
  readonly code: string;
  readonly message: string;
}

export interface RelayPorts {
  readonly publisher: Publisher;
  /** Keeps what cannot be published, for an operator. */
  readonly deadLetter: (refused: RefusedCommit) => Promise<void>;
}

/** What a relay's turn came to. */
export interface Relayed {
  /** What the bus took. */
  readonly published: readonly Publication[];
  /** How many facts the bus did not take for now. */
  readonly failed: number;
  readonly refused: readonly RefusedCommit[];
  /** The first change that could not be published for now: the stream must resume there. */
  readonly resumeAt?: {
    readonly sequenceNumber: string;
    readonly key: CommitKey;
    readonly code: string;
    readonly message: string;
  };
}

/** A fact lies in the event store of a context that does not publish it: the relay there may not either. */
export class WrongSource extends Error {
  override readonly name = 'WrongSource';

  constructor(fact: string, itsSource: string, relaySource: string) {
    super(`${fact} is published by ${itsSource}, but this relay publishes for ${relaySource}`);
  }
}

/**
 * A commit's published facts as they go on the bus.
 *
 * @param source the only one that the relay may publish under
 * @throws WrongSource when a fact is published under another
 */
export function publicationsOf(commit: Commit, source: string): readonly Publication[] {
  const { correlationId, correlationTime } = commit;
  return commit.facts.flatMap(({ published, id, type, data, causationId, hops, traceparent }) => {
    if (published === undefined) return [];
    if (published.source !== source) throw new WrongSource(type, published.source, source);
    const metadata: Metadata = {
      id,
      time: commit.time,
      type,
      source,
      subject: commit.stream,
      version: commit.version,
      sequence: published.sequence,
      schemaVersion: published.schemaVersion,
      correlationId,
      ...(correlationTime !== undefined && { correlationTime }),
      causationId,
      hops,
      traceparent: traceparentOf({ id, correlationId, traceparent }),
    };
    return [{ metadata, data }];
  });
}

/**
 * Publishes what a table's stream brings.
 *
 * - What is refused for good goes to the dead letters by its key, and the others go on.
 * - At the first change that failed for now, the stream resumes: those before it are done, and those after it come
 *   again, which is harmless.
 *
 * @param untilMs when to stop trying again, in milliseconds since 1970
 */
export async function relay(
  changes: readonly TableChange[],
  untilMs: number,
  { publisher, deadLetter }: RelayPorts,
): Promise<Relayed> {
  const attempts = changes.map(read);
  const all = attempts.flatMap(({ publications }) => publications);
  const answers = await publisher.publish(all, untilMs);
  const published = all.filter((_, n) => answers[n]?.kind === 'published');
  const failed = answers.filter(({ kind }) => kind === 'failed').length;
  const refused: RefusedCommit[] = [];
  let at = 0;
  for (const { change, publications, unreadable } of attempts) {
    const own = answers.slice(at, at + publications.length);
    at += publications.length;
    const failure = own.find((answer) => answer.kind === 'failed');
    // Its dead letter waits for the turn in which everything else of it is out, or it would be written twice.
    if (failure !== undefined) {
      const { code, message } = failure;
      const { sequenceNumber, key } = change;
      return { published, failed, refused, resumeAt: { sequenceNumber, key, code, message } };
    }
    const refusal = unreadable ?? own.find((answer) => answer.kind === 'refused');
    if (refusal === undefined) continue;
    const dead = { key: change.key, code: refusal.code, message: refusal.message };
    await deadLetter(dead);
    refused.push(dead);
  }
  return { published, failed, refused };
}

interface Attempt {
  readonly change: TableChange;
  readonly publications: readonly Publication[];
  readonly unreadable?: { readonly code: string; readonly message: string };
}

function read(change: TableChange): Attempt {
  try {
    return { change, publications: change.publications() };
  } catch (error) {
    const { name: code, message } = error instanceof Error ? error : new Error(String(error));
    return { change, publications: [], unreadable: { code, message } };
  }
}
