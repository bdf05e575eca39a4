import { applyPatch, type Operation } from 'rfc6902';
import { type Clock, timestamp } from '../../functions/backbone/clock.ts';
import { MOST_MESSAGE_BYTES } from '../../functions/backbone/dead-letter.ts';
import { readEvent } from '../../functions/backbone/envelope.ts';
import type { Subscription } from '../../functions/backbone/subscription.ts';
import { wrongUse } from '../failure.ts';
import { type Change, changesBetween } from './changes.ts';
import { splitEdits, withEdits } from './edit-history.ts';
import type { Letter } from './letter.ts';
import { bytesOf, type Outgoing } from './letter-queue.ts';

const OPERATIONS = new Set(['add', 'remove', 'replace', 'move', 'copy', 'test']);

/**
 * Reads a JSON patch (RFC 6902).
 *
 * @throws OperatorError when it is none
 */
export function parsePatch(text: string): readonly Operation[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw wrongUse(`The patch is not JSON: ${cause instanceof Error ? cause.message : cause}.`, EXAMPLE);
  }
  if (!Array.isArray(parsed) || parsed.length === 0 || !parsed.every(isOperation)) {
    throw wrongUse('The patch is not a list of JSON patch operations (RFC 6902).', EXAMPLE);
  }
  return parsed;
}

const EXAMPLE = `Such as '[{ "op": "replace", "path": "/detail/data/currency", "value": "EUR" }]'.`;

function isOperation(value: unknown): value is Operation {
  if (typeof value !== 'object' || value === null) return false;
  const { op, path }: { op?: unknown; path?: unknown } = value;
  return typeof op === 'string' && OPERATIONS.has(op) && typeof path === 'string';
}

/**
 * A body after a JSON patch. All operations take effect or none does.
 *
 * @param body the whole message: paths begin with `/detail/data` for the fact's data
 * @throws OperatorError that names the operation which does not apply
 */
export function patched(body: string, patch: readonly Operation[]): string {
  let document: unknown;
  try {
    document = JSON.parse(body);
  } catch (cause) {
    throw wrongUse(
      `The message is not JSON, so that no patch applies: ${cause instanceof Error ? cause.message : cause}.`,
      'Edit it as text: leave --patch out.',
    );
  }
  const results = applyPatch(document, structuredClone([...patch]));
  const at = results.findIndex((result) => result !== null);
  if (at >= 0) {
    const failed = JSON.stringify(patch[at]);
    throw wrongUse(
      `Operation ${at + 1} of the patch does not apply: ${failed} (${results[at]?.message || results[at]?.name}).`,
    );
  }
  return JSON.stringify(document);
}

/** What an edit of a body changes: place by place where both are JSON, and otherwise the text as a whole. */
export function editOf(before: string, after: string): readonly Change[] {
  const [from, to] = [parsed(before), parsed(after)];
  if (from !== undefined && to !== undefined) return changesBetween(from.value, to.value);
  return before === after ? [] : [{ at: '', from: before, to: to === undefined ? after : to.value }];
}

function parsed(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

/**
 * Holds an edited body against what its consumer can read.
 *
 * @throws UnreadableEvent that says what is wrong with it
 */
export function revalidate(subscription: Subscription, body: string, clock: Clock): void {
  readEvent(subscription, body, clock);
}

/**
 * An edited letter: the new body, and in it what was changed, when and why. It stays a dead letter, with its reason.
 *
 * @param after the new body, without the edits before
 * @throws OperatorError when it would be too large for a queue
 */
export function edited(
  { messageId, body, attributes, group }: Letter,
  after: string,
  why: string,
  nowMs: number,
): Outgoing {
  const before = splitEdits(body);
  const edit = { time: timestamp(nowMs), why, changes: editOf(before.body, after) };
  const outgoing = {
    body: withEdits(after, [...before.edits, edit]),
    attributes,
    ...(group !== undefined && { group, deduplicationId: `${messageId}-${nowMs}` }),
  };
  if (bytesOf(outgoing) <= MOST_MESSAGE_BYTES) return outgoing;
  throw wrongUse(
    `With what was changed noted in it, the message has ${bytesOf(outgoing)} bytes; a queue takes ${MOST_MESSAGE_BYTES}.`,
  );
}
