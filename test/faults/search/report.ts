import type { Circumstances } from './circumstances.ts';
import type { Found, Search, Violation } from './search.ts';

/** What is searched, and within which bounds. */
export function preface({ orders, circumstances }: Pick<Search, 'orders' | 'circumstances'>): string {
  const price = (circumstances.total / 100).toFixed(2);
  return [
    `Every state of ${orders === 1 ? 'an order' : 'two orders'} of ${price} EUR over one unit of stock`,
    '',
    `happens  ${happens(circumstances).join(' · ')}`,
    `bounds   ${bounds(circumstances).join(' · ')}`,
  ].join('\n');
}

function happens({ cancellation, secondClick, deadLetters, fence }: Circumstances): readonly string[] {
  return [
    'any order of delivery',
    'deadlines at any time',
    'a death at any step',
    'answers of both kinds, or none',
    ...(cancellation ? ['a request to cancel'] : []),
    ...(secondClick ? ['a second click'] : []),
    ...(deadLetters ? ['dead letters'] : []),
    ...(fence === 'kept' ? [] : ['NO FENCE']),
  ];
}

function bounds(circumstances: Circumstances): readonly string[] {
  const { handlersPerMessage, handlersAtOnce, forgottenKeys, grain } = circumstances;
  return [
    `${handlersPerMessage} handlers of a message at a time`,
    ...(Number.isFinite(handlersAtOnce) ? [`${handlersAtOnce} handlers at a time`] : []),
    `${forgottenKeys} forgotten keys`,
    grain === 'calls' ? 'interleaved at calls' : 'interleaved at loads and calls',
  ];
}

/** How much was searched, and how it ends. */
export function summary({ states, transitions, depth, ends }: Found, seconds: number): string {
  const rows = [...ends].sort(([a, one], [b, other]) => other - one || (a < b ? -1 : 1));
  const width = Math.max('how it ends'.length, ...rows.map(([end]) => end.length));
  const line = (end: string, states: string) => `${end.padEnd(width)}  ${states.padStart(12)}`;
  return [
    `${thousands(states)} states, ${thousands(transitions)} transitions, ${depth} steps deep, ${seconds.toFixed(1)} s`,
    '',
    line('how it ends', 'states'),
    line('─'.repeat(width), '─'.repeat(12)),
    ...rows.map(([end, count]) => line(end, thousands(count))),
  ].join('\n');
}

/** What comes of it, in one sentence. */
export function verdict({ isComplete, violation, states }: Found): string {
  if (violation !== undefined) return 'A promise is broken.';
  if (isComplete) return 'Every promise is kept in every state, and from every state an end is reached.';
  return `No promise is broken in the ${thousands(states)} states nearest to the beginning. There are more.`;
}

/** What is violated, and a shortest way there, for people. */
export function story({ what, way }: Violation): string {
  const columns = way.map(({ order = '', who, fact, what }) => [order, who, fact, what]);
  const widths = [0, 1, 2].map((column) => Math.max(...columns.map((cells) => cells[column]?.length ?? 0)));
  const lines = columns.map((cells, index) => {
    const padded = cells.map((cell, column) => cell.padEnd(widths[column] ?? 0));
    return `${String(index + 1).padStart(4)}  ${padded.join('  ')}`;
  });
  return [...what, '', 'A shortest way there:', '', ...lines].join('\n');
}

export function thousands(number: number): string {
  return number.toLocaleString('en').replaceAll(',', ' ');
}
