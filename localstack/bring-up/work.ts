import type { Report } from '../report.ts';
import type { Settings } from '../settings.ts';

/** What every step of bringing the local AWS up is given. */
export interface Work {
  readonly settings: Settings;
  readonly report: Report;
  /** Aborted when another step has failed, so that nothing goes on in the background. */
  readonly signal: AbortSignal;
}
