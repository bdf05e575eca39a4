import type { Commit } from '../../functions/backbone/event-store.ts';

/** A fact of a flow, and where it came from. */
export interface FlowFact {
  readonly id: string;
  readonly type: string;
  readonly timeMs: number;
  /** The id of the event from which it was decided. */
  readonly causationId?: string;
  /** The context that decided it. */
  readonly context: string;
  /** Where it is kept; none for a fact that is in no stream. */
  readonly stream?: { readonly id: string; readonly version: number };
  /** A private fact never left its context. */
  readonly isPrivate: boolean;
  readonly data: unknown;
}

/** A fact with what followed from it. */
export interface FlowStep extends Partial<Omit<FlowFact, 'id'>> {
  /** Of the fact; a step that is nothing but an id is an event that no stream holds: it came from outside. */
  readonly id: string;
  /** When it happened; of an event from outside whose time nobody noted, when the first fact followed. */
  readonly atMs: number;
  /** Whether that is its own time. */
  readonly isDated: boolean;
  readonly followers: readonly FlowStep[];
}

/** The facts that a context's commits hold. */
export function factsOf(context: string, commits: readonly Commit[]): readonly FlowFact[] {
  return commits.flatMap(({ stream, version, time, facts }) =>
    facts.map(({ id, type, data, causationId, published }): FlowFact => {
      const where = { id: stream, version };
      return {
        id,
        type,
        timeMs: Date.parse(time),
        causationId,
        context,
        stream: where,
        isPrivate: published === undefined,
        data,
      };
    }),
  );
}

/** When events happened, as far as the commits that they caused note it. */
export function timesOfCauses(commits: readonly Commit[]): ReadonlyMap<string, number> {
  return new Map(
    commits.flatMap(({ causes }) =>
      causes.flatMap(({ eventId, timeMs }) => (timeMs === undefined ? [] : [[eventId, timeMs] as const])),
    ),
  );
}

/**
 * Orders a flow by cause: each fact under the event that it was decided from, by time. What was decided from an event
 * that no stream holds stands under that event.
 */
export function flowOf(facts: readonly FlowFact[], causeTimes: ReadonlyMap<string, number>): readonly FlowStep[] {
  const known = new Map(facts.map((fact) => [fact.id, fact]));
  const byCause = Map.groupBy(known.values(), ({ causationId = '' }) => causationId);
  const stepsUnder = (cause: string): readonly FlowStep[] =>
    (byCause.get(cause) ?? [])
      .map((fact): FlowStep => ({ ...fact, atMs: fact.timeMs, isDated: true, followers: stepsUnder(fact.id) }))
      .sort(byTime);
  const roots = [...byCause.keys()].filter((cause) => !known.has(cause));
  return roots
    .map((id): FlowStep => {
      const followers = stepsUnder(id);
      const firstMs = Math.min(...followers.map(({ atMs }) => atMs));
      const ownMs = causeTimes.get(id);
      return { id, atMs: ownMs ?? firstMs, isDated: ownMs !== undefined, followers };
    })
    .sort(byTime);
}

function byTime(one: FlowStep, other: FlowStep): number {
  return one.atMs - other.atMs || one.id.localeCompare(other.id);
}
