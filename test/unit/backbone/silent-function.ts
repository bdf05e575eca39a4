import { Metrics } from '@aws-lambda-powertools/metrics';
import { afterEach, beforeEach, vi } from 'vitest';
import { logger } from '../../../functions/backbone/observability.ts';

/** A line that a function logged. */
export type LogLine = readonly [level: string, message: unknown, ...about: readonly unknown[]];

/** Keeps what functions log and measure in the tests of a file, summed up by name, instead of printing it. */
export function silentFunction(): { readonly lines: LogLine[]; readonly measured: Record<string, number> } {
  const lines: LogLine[] = [];
  const measured: Record<string, number> = {};
  beforeEach(() => {
    lines.length = 0;
    for (const name of Object.keys(measured)) delete measured[name];
    for (const level of ['info', 'warn', 'error'] as const) {
      vi.spyOn(logger, level).mockImplementation((message, ...about) => void lines.push([level, message, ...about]));
    }
    vi.spyOn(Metrics.prototype, 'addMetric').mockImplementation(function (this: Metrics, name, _unit, value) {
      measured[name] = (measured[name] ?? 0) + value;
      return this;
    });
  });
  afterEach(() => void vi.restoreAllMocks());
  return { lines, measured };
}
