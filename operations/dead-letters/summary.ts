import type { Letter } from './letter.ts';

/** How often something occurs. */
export interface Count {
  readonly name: string;
  readonly count: number;
}

/** What a look at a queue came to. */
export interface Summary {
  /** How many letters were looked at. */
  readonly lookedAt: number;
  /** When the longest-lying of them failed. */
  readonly oldestMs?: number;
  /** The reasons, most frequent first. */
  readonly reasons: readonly Count[];
  /** The facts, most frequent first. */
  readonly types: readonly Count[];
}

/** Sums up letters. */
export function summarise(letters: readonly Letter[]): Summary {
  const oldestMs = letters.reduce<number | undefined>(
    (oldest, { failedMs }) => (oldest === undefined || failedMs < oldest ? failedMs : oldest),
    undefined,
  );
  return {
    lookedAt: letters.length,
    ...(oldestMs !== undefined && { oldestMs }),
    reasons: countBy(letters, ({ reason }) => reason),
    types: countBy(letters, ({ type }) => type ?? 'unreadable'),
  };
}

/** How often each name occurs, most frequent first; those of one count by name. */
export function countBy<T>(items: readonly T[], nameOf: (item: T) => string): readonly Count[] {
  return [...Map.groupBy(items, nameOf)]
    .map(([name, all]) => ({ name, count: all.length }))
    .sort((one, other) => other.count - one.count || one.name.localeCompare(other.name));
}
