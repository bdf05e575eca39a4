import type { Filter } from '../facts/filter.ts';
import { isWithin, type TimeRange } from '../moment.ts';
import type { Letter } from './letter.ts';

/** Which dead letters are meant: those that fit all that is given. Nothing given is all of them. */
export interface Selection extends TimeRange {
  /** Any of these reasons. */
  readonly reasons?: readonly string[];
  /** Any of these facts. */
  readonly types?: readonly string[];
  /** Any of these ids, of the message or of the event. */
  readonly ids?: readonly string[];
  /** A condition on the fact; a letter that cannot be read fits none. */
  readonly where?: Filter;
}

/** Whether a letter is meant. The time is that of its last failure. */
export function isChosen({ reasons, types, ids, where, ...range }: Selection, letter: Letter): boolean {
  const { reason, type, messageId, eventId, event, failedMs } = letter;
  return (
    (reasons === undefined || reasons.includes(reason)) &&
    (types === undefined || (type !== undefined && types.includes(type))) &&
    (ids === undefined || ids.includes(messageId) || (eventId !== undefined && ids.includes(eventId))) &&
    (where === undefined || (event !== undefined && where(event))) &&
    isWithin(range, failedMs)
  );
}
