import { createHash } from 'node:crypto';
import type { Metadata } from './envelope.ts';

/** Of a W3C trace context, what is handed on: which trace, and its flags. */
interface Trace {
  /** 32 hexadecimal digits, not all 0. */
  readonly traceId: string;
  /** Of the flags, those that version 00 knows: 1 that it is recorded, 2 that its id is random. */
  readonly flags: number;
}

/** What tells the trace that a fact belongs to. */
type Traced = Pick<Metadata, 'id' | 'correlationId'> & { readonly traceparent?: string | undefined };

const RECORDED = 0x01;
const KNOWN_FLAGS = 0x03;

/**
 * An event's `traceparent`, version 00: the one that came with it, or, where none came that can be followed, the first of
 * a trace that is derived from the correlation id. So all who receive the event, today, from the archive or by a replay,
 * see it in the same trace.
 *
 * Source: https://www.w3.org/TR/trace-context/#traceparent-header
 *
 * @example traceparentOf({ id: 'e1', correlationId: 'e1' }) // '00-<from the correlation id>-<from the id>-01'
 */
export function traceparentOf({ id, correlationId, traceparent }: Traced): string {
  const isFollowed = traceparent !== undefined && parse(traceparent) !== undefined;
  return isFollowed ? traceparent : format(derived(correlationId), id);
}

/**
 * The `traceparent` of a fact: the trace of the event that caused it, and a parent id of its own. The fact is the span.
 * Its span id is derived from its id, so that whoever makes the same fact again makes the same trace of it.
 *
 *     event e1    00-⟨trace⟩-⟨span of e1⟩-01
 *       └ fact f1    00-⟨trace⟩-⟨span of f1⟩-01
 *           └ fact f2    00-⟨trace⟩-⟨span of f2⟩-01
 */
export function traceparentAfter(cause: Traced, factId: string): string {
  return format(parse(cause.traceparent) ?? derived(cause.correlationId), factId);
}

/** Ids of nothing but 0, and the version ff, are invalid. */
const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})(?<traceId>[0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-(?<flags>[0-9a-f]{2})$/;

/** A trace that cannot be followed is none: its receiver begins one, and does not refuse what came with it. */
function parse(traceparent = ''): Trace | undefined {
  const { traceId, flags = '' } = TRACEPARENT.exec(traceparent)?.groups ?? {};
  return traceId === undefined ? undefined : { traceId, flags: Number.parseInt(flags, 16) & KNOWN_FLAGS };
}

function derived(correlationId: string): Trace {
  return { traceId: hashOf('trace', correlationId).slice(0, 32), flags: RECORDED };
}

function format({ traceId, flags }: Trace, id: string): string {
  return `00-${traceId}-${hashOf('span', id).slice(0, 16)}-${flags.toString(16).padStart(2, '0')}`;
}

function hashOf(purpose: string, id: string): string {
  return createHash('sha256').update(`${purpose}\u0000${id}`).digest('hex');
}
