import { type Change, isChange } from './changes.ts';
import { parseObject } from './json-object.ts';

/** One edit of a dead letter. */
export interface Edit {
  /** RFC 3339, UTC. */
  readonly time: string;
  readonly why: string;
  readonly changes: readonly Change[];
}

/**
 * The field of the event, beside `detail`, that keeps its edits, oldest first. It goes with the body wherever that goes:
 * attributes are full in a dead letter, and are lost when a message is sent again. Consumers do not look at it.
 */
const EDITS = 'edits';

/** A body as it was before its edits were noted, and the edits. What is no history of ours is part of the body. */
export function splitEdits(body: string): { readonly body: string; readonly edits: readonly Edit[] } {
  const event = parseObject(body);
  const edits = event?.[EDITS];
  if (event === undefined || !Array.isArray(edits) || !edits.every(isEdit)) return { body, edits: [] };
  const { [EDITS]: _, ...rest } = event;
  return { body: JSON.stringify(rest), edits };
}

/**
 * Notes edits in an event.
 *
 * @param body a JSON object
 */
export function withEdits(body: string, edits: readonly Edit[]): string {
  return edits.length === 0 ? body : JSON.stringify({ ...parseObject(body), [EDITS]: edits });
}

function isEdit(value: unknown): value is Edit {
  if (typeof value !== 'object' || value === null) return false;
  const { time, why, changes }: Partial<Record<keyof Edit, unknown>> = value;
  return typeof time === 'string' && typeof why === 'string' && Array.isArray(changes) && changes.every(isChange);
}
