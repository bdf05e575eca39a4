import { setImmediate } from 'node:timers';
import type { ChoicePoint, Choices, Option } from './choices.ts';

/** Something that could happen now, and how. */
export interface Step extends Option {
  /** Lets it happen: at once, and whole. What follows from it in promises does so before the next step. */
  readonly take: () => void;
}

/** Where steps come from: functions with calls under way, queues with messages, streams with records. */
export interface StepSource {
  /** Adds what could happen now. */
  offer(nowMs: number, steps: Step[]): void;
  /** When something could happen that cannot yet; `Infinity` when nothing will by itself. */
  nextMs(nowMs: number): number;
}

/** A moment that cannot be put off: time does not go beyond it without it. */
export interface Deadline {
  readonly atMs: number;
  readonly pass: () => void;
}

/** How long a run may take. */
export interface RunLimits {
  /**
   * In seconds of the world's own time.
   *
   * @default until nothing is left to happen
   */
  readonly seconds?: number;
  /**
   * After so many steps a run is taken for endless.
   *
   * @default 100,000
   */
  readonly steps?: number;
}

/** A run that did not come to rest. */
export class NotQuiet extends Error {
  override readonly name = 'NotQuiet';

  constructor(steps: number) {
    super(`still not quiet after ${steps} steps: something repeats itself; the timeline shows what`);
  }
}

/** A choice that was made: out of how many, and which. */
export interface Picked {
  readonly kind: ChoicePoint['kind'];
  readonly count: number;
  readonly picked: number;
}

/**
 * Virtual time, and one step after another: of all that could happen now, the choices pick what does. When nothing
 * could, time jumps to where something can.
 */
export class Scheduler {
  /** All choices between two or more that were made, in order. */
  readonly picks: Picked[] = [];
  readonly deadlines = new Set<Deadline>();
  readonly #choices: Choices;
  readonly #stepMs: number;
  readonly #sources: StepSource[];
  readonly #timers: Step[] = [];
  #nowMs: number;
  #order = 0;
  #aborted: { readonly reason: unknown } | undefined;

  /** @param stepMs how much time each step takes */
  constructor(choices: Choices, { startMs, stepMs }: { readonly startMs: number; readonly stepMs: number }) {
    this.#choices = choices;
    this.#nowMs = startMs;
    this.#stepMs = stepMs;
    const timers = this.#timers;
    this.#sources = [
      { offer: (nowMs, steps) => offerDue(timers, nowMs, steps), nextMs: (nowMs) => nextOf(timers, nowMs) },
    ];
  }

  /** Milliseconds since 1970. */
  get nowMs(): number {
    return this.#nowMs;
  }

  /** What is waiting for its time. */
  get timers(): readonly Option[] {
    return this.#timers;
  }

  /** The next place among all that can ever happen. */
  nextOrder(): number {
    this.#order += 1;
    return this.#order;
  }

  add(...sources: readonly StepSource[]): void {
    this.#sources.push(...sources);
  }

  /** Lets something happen at a time, or later. */
  at(atMs: number, what: Omit<Option, 'atMs' | 'order'>, happen: () => void): void {
    const timer: Step = {
      ...what,
      atMs,
      order: this.nextOrder(),
      take: () => {
        this.#timers.splice(this.#timers.indexOf(timer), 1);
        happen();
      },
    };
    this.#timers.push(timer);
  }

  /** Ends the run with an error: for what is no matter of the functions in it, which might catch it. */
  abort(reason: unknown): void {
    this.#aborted ??= { reason };
  }

  /** Chooses one of `count`, from 0; where there is no choice, none is made. */
  pick(count: number, point: ChoicePoint): number {
    if (count < 2) return 0;
    const picked = this.#choices.pick(count, point);
    if (!Number.isInteger(picked) || picked < 0 || picked >= count) {
      throw new RangeError(
        `the choices picked ${picked} of ${count} at a choice of ${point.kind}: give 0 to ${count - 1}`,
      );
    }
    this.picks.push({ kind: point.kind, count, picked });
    return picked;
  }

  /**
   * Runs until nothing is left to happen, or for a time.
   *
   * @throws NotQuiet after too many steps, and whatever it was aborted with
   */
  async run({ seconds = Number.POSITIVE_INFINITY, steps = 100_000 }: RunLimits): Promise<void> {
    const untilMs = this.#nowMs + seconds * 1000;
    const possible: Step[] = [];
    for (let taken = 0; this.#nowMs <= untilMs; ) {
      possible.length = 0;
      for (const source of this.#sources) source.offer(this.#nowMs, possible);
      if (possible.length === 0) {
        const nextMs = this.#nextMs();
        if (nextMs <= untilMs && nextMs < Number.POSITIVE_INFINITY) this.#advance(nextMs);
        else if (seconds < Number.POSITIVE_INFINITY) return this.#advance(untilMs);
        else return;
        continue;
      }
      if (taken === steps) throw new NotQuiet(steps);
      taken += 1;
      if (possible.length > 1) possible.sort(byAge);
      possible[this.pick(possible.length, { kind: 'step', options: possible })]?.take();
      await settled();
      if (this.#aborted !== undefined) throw this.#aborted.reason;
      this.#advance(this.#nowMs + this.#stepMs);
    }
  }

  #nextMs(): number {
    let nextMs = Number.POSITIVE_INFINITY;
    for (const { atMs } of this.deadlines) nextMs = Math.min(nextMs, atMs);
    for (const source of this.#sources) nextMs = Math.min(nextMs, source.nextMs(this.#nowMs));
    return nextMs;
  }

  #advance(toMs: number): void {
    for (let due = this.#nextDeadline(toMs); due !== undefined; due = this.#nextDeadline(toMs)) {
      this.deadlines.delete(due);
      due.pass();
    }
    this.#nowMs = toMs;
  }

  #nextDeadline(toMs: number): Deadline | undefined {
    let next: Deadline | undefined;
    for (const deadline of this.deadlines) {
      if (deadline.atMs <= toMs && deadline.atMs < (next?.atMs ?? Number.POSITIVE_INFINITY)) next = deadline;
    }
    return next;
  }
}

/** Offers those whose time has come. */
export function offerDue(pending: readonly Step[], nowMs: number, steps: Step[]): void {
  for (const step of pending) if (step.atMs <= nowMs) steps.push(step);
}

/** When the next of those comes whose time has not. */
export function nextOf(pending: readonly Option[], nowMs: number): number {
  let nextMs = Number.POSITIVE_INFINITY;
  for (const { atMs } of pending) if (atMs > nowMs && atMs < nextMs) nextMs = atMs;
  return nextMs;
}

function byAge(one: Option, other: Option): number {
  return one.atMs - other.atMs || one.order - other.order;
}

/** Resolves when all that follows in promises has happened: Node empties their queue before it begins an immediate. */
function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
