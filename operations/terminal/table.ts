/** A cell: its text, and how it is painted once it is in its place. */
export type Cell = string | { readonly text: string; readonly paint: (text: string) => string };

export interface Column {
  readonly title: string;
  /** @default left */
  readonly align?: 'left' | 'right';
}

const GAP = '  ';

/**
 * Lines with their cells under one another; no line ends in blanks.
 *
 * @param paintTitle how the titles are painted
 */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  paintTitle: (text: string) => string = (text) => text,
): readonly string[] {
  const titles = columns.map(({ title }): Cell => ({ text: title, paint: paintTitle }));
  const all = [titles, ...rows];
  const widths = columns.map((_, n) => Math.max(...all.map((row) => widthOf(textOf(row[n] ?? '')))));
  return all.map((row) => {
    const lastUsed = row.findLastIndex((cell) => textOf(cell) !== '');
    return row
      .slice(0, lastUsed + 1)
      .map((cell, n) => {
        const text = textOf(cell);
        const blanks = ' '.repeat((widths[n] ?? 0) - widthOf(text));
        const painted = typeof cell === 'string' ? text : cell.paint(text);
        if (columns[n]?.align === 'right') return blanks + painted;
        return n === lastUsed ? painted : painted + blanks;
      })
      .join(GAP);
  });
}

/** Names and values, the values under one another; what has no value is left out. */
export function fields(
  pairs: readonly (readonly [name: string, value: string | undefined])[],
  paintName: (text: string) => string = (text) => text,
): readonly string[] {
  const shown = pairs.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
  const width = Math.max(0, ...shown.map(([name]) => widthOf(name)));
  const indent = `\n${' '.repeat(width + GAP.length)}`;
  return shown.flatMap(([name, value]) => {
    const blanks = ' '.repeat(width - widthOf(name));
    return `${paintName(name)}${blanks}${GAP}${value.replaceAll('\n', indent)}`.split('\n');
  });
}

function textOf(cell: Cell): string {
  return typeof cell === 'string' ? cell : cell.text;
}

function widthOf(text: string): number {
  return [...text].length;
}

/** A text that is too long ends in an ellipsis. Line breaks become blanks. */
export function shorten(text: string, width: number): string {
  const characters = [...text.replaceAll(/\s+/g, ' ').trim()];
  return characters.length <= width ? characters.join('') : `${characters.slice(0, Math.max(0, width - 1)).join('')}…`;
}

const WHOLE = new Intl.NumberFormat('en-GB');

/** A number for people: `12,345`. */
export function formatCount(count: number): string {
  return WHOLE.format(count);
}

/** A number of things: `1 message`, `12,345 messages`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}
