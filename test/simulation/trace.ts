import type { Fault } from './faults.ts';

/** Something that happened in a world. Kept as it is, and put into words only when somebody reads it. */
export interface TraceEntry {
  /** Milliseconds since 1970, by the world's own clock. */
  readonly atMs: number;
  /** The environment, the queue, the bus. */
  readonly who: string;
  readonly did: string;
  readonly about: string;
  /** The number of the call, if it is one. */
  readonly n?: number;
  readonly fault?: Fault;
  /** What came of it, once that is known. */
  outcome?: unknown;
}

/** How a timeline looks. */
export interface TimelineStyle {
  /**
   * With ANSI colours, for a terminal.
   *
   * @default false
   */
  readonly colour?: boolean;
}

/**
 * What happened, line by line, for people:
 *
 *       time  call  who         what              about
 *      0.012    17  payments-1  store.append      payment#order-c1@2   ✗ dies-after
 *
 * Times are seconds since the world's start.
 */
export function timeline(
  entries: readonly TraceEntry[],
  startMs: number,
  { colour = false }: TimelineStyle = {},
): string {
  const rows = entries.map(({ atMs, who, did, about, n, fault, outcome }) => ({
    cells: [((atMs - startMs) / 1000).toFixed(3), n === undefined ? '' : String(n), who, did, about],
    outcome: inWords(outcome),
    fault,
  }));
  const head = ['time', 'call', 'who', 'what', 'about'];
  const widths = head.map((title, column) => {
    const longest = rows.reduce((most, { cells }) => Math.max(most, cells[column]?.length ?? 0), title.length);
    return Math.min(longest, WIDEST);
  });
  const line = (cells: readonly string[]) =>
    cells.map((cell, n) => (n < 2 ? cell.padStart(widths[n] ?? 0) : cell.padEnd(widths[n] ?? 0))).join('  ');
  const paint = (code: number, text: string) => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);
  const lines = rows.map(({ cells, outcome, fault }) => {
    const text = [line(cells), outcome, fault === undefined ? '' : paint(31, `✗ ${fault}`)];
    return text
      .filter((part) => part !== '')
      .join('  ')
      .trimEnd();
  });
  return [paint(1, line(head).trimEnd()), ...lines].join('\n');
}

const WIDEST = 64;

function inWords(outcome: unknown): string {
  if (outcome === undefined) return '';
  if (outcome instanceof Error) return `${outcome.name}: ${outcome.message}`;
  if (typeof outcome === 'string') return outcome;
  if (Array.isArray(outcome)) return kinds(outcome);
  if (typeof outcome === 'object' && outcome !== null) {
    const { kind, type } = outcome as { readonly kind?: unknown; readonly type?: unknown };
    return String(kind ?? type ?? '');
  }
  return String(outcome);
}

/** Of a list of answers the kinds, of any other list its length. */
function kinds(list: readonly unknown[]): string {
  const named = list.map((one) =>
    typeof one === 'object' && one !== null && 'kind' in one ? String(one.kind) : undefined,
  );
  return named.length > 0 && named.every((kind) => kind !== undefined)
    ? [...new Set(named)].join(', ')
    : `${list.length}`;
}
