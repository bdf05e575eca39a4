import type { Clock } from '../../functions/backbone/clock.ts';
import type { Commit } from '../../functions/backbone/event-store.ts';
import type { Publication, Published, Publisher } from '../../functions/backbone/publisher.ts';
import { publicationsOf } from '../../functions/backbone/relay.ts';
import type { Pace } from '../pace.ts';

/** What a repair came to. */
export interface Repaired {
  /** Commits with facts for the bus. */
  readonly commits: number;
  readonly published: number;
  /** Facts that the bus did not take. */
  readonly unpublished: readonly {
    readonly stream: string;
    readonly version: number;
    readonly type: string;
    readonly code: string;
    readonly message: string;
  }[];
}

export interface RepairOptions {
  /** Facts a second. */
  readonly pace: Pace;
  readonly clock: Pick<Clock, 'now'>;
  /** Counts, and publishes nothing. @default false */
  readonly dryRun?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (published: number) => void;
}

/** What one call takes. */
const MOST_TOGETHER = 10;

/** How long what the bus throttles is tried again. */
const PATIENCE_MS = 30_000;

/**
 * Publishes commits again, as their relay would have: under the same ids, by which every consumer knows what it has seen.
 * So it does no harm to publish what was published before.
 *
 * @param source of the store's relay
 */
export async function repair(
  pages: AsyncIterable<readonly Commit[]>,
  source: string,
  publisher: Publisher,
  { pace, clock, dryRun = false, signal, onProgress }: RepairOptions,
): Promise<Repaired> {
  const unpublished: Repaired['unpublished'][number][] = [];
  let commits = 0;
  let published = 0;
  const publish = async (batch: readonly Publication[]) => {
    const answers: readonly Published[] = dryRun
      ? batch.map(() => ({ kind: 'published' }))
      : await publisher.publish(batch, clock.now() + PATIENCE_MS);
    for (const [n, { metadata }] of batch.entries()) {
      const answer = answers[n] ?? { kind: 'failed', code: 'NoAnswer', message: 'the bus did not answer' };
      if (answer.kind === 'published') published += 1;
      else {
        const { subject: stream = '', version = 0, type } = metadata;
        unpublished.push({ stream, version, type, code: answer.code, message: answer.message });
      }
    }
    onProgress?.(published);
  };

  for await (const page of pages) {
    const facts = page.map((commit) => publicationsOf(commit, source)).filter(({ length }) => length > 0);
    commits += facts.length;
    const open = facts.flat();
    for (let at = 0; at < open.length; ) {
      const most = Math.min(MOST_TOGETHER, open.length - at);
      const count = dryRun ? most : await pace.next(most, { ...(signal && { signal }) });
      if (count === 0) return { commits, published, unpublished };
      await publish(open.slice(at, at + count));
      at += count;
    }
  }
  return { commits, published, unpublished };
}
