import type { CallLog, History } from './call-log.ts';
import type { Scheduler } from './scheduler.ts';
import type { TraceEntry } from './trace.ts';

/** What everything in a world shares. */
export interface Kernel {
  readonly seed: string;
  readonly scheduler: Scheduler;
  readonly calls: CallLog;
  readonly trace: TraceEntry[];
  /** What functions counted, by the names of their metrics. */
  readonly counts: Map<string, number>;
  /** Only where fingerprints are asked for. */
  readonly history: History | undefined;
  /** How far an environment's clock may be off, in either direction. */
  readonly skewMs: number;
  /** How late what is late comes. */
  readonly lateMs: number;
  /** Whether an environment that has answered is kept. */
  readonly warm: boolean;
  /** Whose code runs at the moment. */
  running: string;
}

/** Notes in the trace that something happened now; what came of it may be added. */
export function note({ trace, scheduler }: Kernel, happened: Omit<TraceEntry, 'atMs'>): TraceEntry {
  const entry: TraceEntry = { atMs: scheduler.nowMs, ...happened };
  trace.push(entry);
  return entry;
}
