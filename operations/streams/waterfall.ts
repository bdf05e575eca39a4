import type { FlowStep } from './flow.ts';

/** A line of a waterfall. */
export interface WaterfallLine {
  readonly step: FlowStep;
  /** The branches that lead to it, such as `│ └ `. */
  readonly branch: string;
  /** Since the flow began. */
  readonly sinceStartMs: number;
  /** Since the event that it was decided from; nothing where that began the flow at a time that nobody knows. */
  readonly tookMs?: number;
  /** Where the time that it took lies in the whole, as text. */
  readonly bar: string;
}

export interface Waterfall {
  readonly startMs: number;
  readonly durationMs: number;
  readonly lines: readonly WaterfallLine[];
}

/**
 * Lays a flow out over time: a line a fact, under the one that caused it, with a bar from the cause's time to its own.
 *
 *     OrderPlaced              ██
 *     └ InventoryReserved        ██████
 *       └ PaymentCaptured              ███
 *
 * @param barWidth how many characters the whole time has
 */
export function waterfallOf(roots: readonly FlowStep[], barWidth: number): Waterfall {
  const times = roots.flatMap(timesIn);
  const startMs = Math.min(...times);
  const durationMs = Math.max(...times) - startMs;
  const columnOf = (ms: number) => (durationMs === 0 ? 0 : Math.round(((ms - startMs) / durationMs) * (barWidth - 1)));
  const linesOf = (step: FlowStep, branch: string, under: string, cause?: FlowStep): readonly WaterfallLine[] => {
    const from = columnOf(cause?.atMs ?? step.atMs);
    // A clock that goes behind its cause's makes no bar that goes backwards.
    const to = Math.max(from, columnOf(step.atMs));
    const line: WaterfallLine = {
      step,
      branch,
      sinceStartMs: step.atMs - startMs,
      ...(cause?.isDated && { tookMs: step.atMs - cause.atMs }),
      bar: ' '.repeat(from) + (cause === undefined ? '▏' : '█'.repeat(to - from + 1)),
    };
    const last = step.followers.length - 1;
    const below = step.followers.flatMap((follower, n) =>
      linesOf(follower, `${under}${n === last ? '└ ' : '├ '}`, `${under}${n === last ? '  ' : '│ '}`, step),
    );
    return [line, ...below];
  };
  return { startMs, durationMs, lines: roots.flatMap((root) => linesOf(root, '', '')) };
}

function timesIn({ atMs, followers }: FlowStep): readonly number[] {
  return [atMs, ...followers.flatMap(timesIn)];
}
