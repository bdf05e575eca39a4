import { stripVTControlCharacters } from 'node:util';
import type { Change } from '../dead-letters/changes.ts';
import { splitEdits } from '../dead-letters/edit-history.ts';
import type { Letter } from '../dead-letters/letter.ts';
import { formatDuration } from '../moment.ts';
import { type Cell, fields, shorten, table } from '../terminal/table.ts';
import type { Terminal } from '../terminal/terminal.ts';

/** A letter for programs. */
export function letterJson({
  receipt: _,
  event: __,
  isMovedBySqs: ___,
  ...letter
}: Letter & { readonly receipt?: string }): object {
  const { firstFailedMs, failedMs, sentMs, body, edits, ...rest } = letter;
  return {
    ...rest,
    ...(firstFailedMs !== undefined && { firstFailure: new Date(firstFailedMs).toISOString() }),
    lastFailure: new Date(failedMs).toISOString(),
    sent: new Date(sentMs).toISOString(),
    body: jsonOr(splitEdits(body).body),
    edits,
  };
}

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Letters under one another, a line each: on a terminal, as much of the error as fits. */
export function letterTable(letters: readonly Letter[], nowMs: number, terminal: Terminal): readonly string[] {
  const columns = [
    { title: 'message' },
    { title: 'fact' },
    { title: 'reason' },
    { title: 'tried', align: 'right' },
    { title: 'failed', align: 'right' },
  ] as const;
  const dim = (text: string) => terminal.paint('dim', text);
  const rows = letters.map(({ messageId, type, reason, attempts, failedMs, edits }): readonly Cell[] => [
    messageId,
    type === undefined ? { text: 'unreadable', paint: dim } : shorten(type, LONGEST_TYPE),
    reason + (edits.length > 0 ? ' (edited)' : ''),
    attempts === undefined ? '' : String(attempts),
    `${formatDuration(nowMs - failedMs)} ago`,
  ]);
  const used = Math.max(...table(columns, rows).map((line) => stripVTControlCharacters(line).length));
  const room = terminal.isLimited ? Math.max(LEAST_ERROR, terminal.columns - used - 2) : Number.POSITIVE_INFINITY;
  const withErrors = rows.map((row, n) => [...row, shorten(letters[n]?.errorMessage ?? '', room)]);
  return table([...columns, { title: 'error' }], withErrors, dim);
}

const LONGEST_TYPE = 40;
const LEAST_ERROR = 20;

/** All that is known of a letter. */
export function describeLetter(
  letter: Letter,
  queueName: string,
  nowMs: number,
  terminal: Terminal,
): readonly string[] {
  const {
    messageId,
    type,
    event,
    eventId,
    correlationId,
    reason,
    errorName,
    errorMessage,
    attempts,
    stack,
    body,
    edits,
  } = letter;
  const at = (ms: number) => `${new Date(ms).toISOString()}, ${formatDuration(nowMs - ms)} ago`;
  const pairs: readonly (readonly [string, string | undefined])[] = [
    ['message', messageId],
    ['queue', queueName],
    ['fact', type === undefined ? undefined : `${type}${event === undefined ? '' : ` of ${event.metadata.source}`}`],
    ['event', eventId],
    ['flow', correlationId],
    ['reason', terminal.paint('yellow', reason)],
    ['error', errorName === undefined ? errorMessage : `${errorName}: ${errorMessage ?? ''}`],
    ['attempts', attempts === undefined ? undefined : String(attempts)],
    ['first failure', letter.firstFailedMs === undefined ? undefined : at(letter.firstFailedMs)],
    ['last failure', at(letter.failedMs)],
    [
      'edited',
      edits.length === 0
        ? undefined
        : edits
            .map(({ time, why, changes }) =>
              [`${time}: ${why}`, ...changes.map((change) => `  ${describeChange(change)}`)].join('\n'),
            )
            .join('\n'),
    ],
    ['stack', stack],
  ];
  return [...fields(pairs, (name) => terminal.paint('dim', name)), '', pretty(splitEdits(body).body)];
}

/** A change, on a line. */
export function describeChange({ at, from, to }: Change): string {
  const shown = (value: unknown) => (value === undefined ? 'nothing' : shorten(JSON.stringify(value), 200));
  return `${at === '' ? 'the whole message' : at}: ${shown(from)} → ${shown(to)}`;
}

/** A text as people read it: indented, where it is JSON. */
export function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2);
  } catch {
    return text;
  }
}
