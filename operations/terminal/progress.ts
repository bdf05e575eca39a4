import { formatDuration } from '../moment.ts';
import { formatCount } from './table.ts';

/** How far something is. */
export interface Position {
  readonly title: string;
  readonly done: number;
  /** Of how many, where that is known. */
  readonly total?: number;
  readonly elapsedMs: number;
}

/**
 * How far something is, on one line.
 *
 * @example '  redriving  120 of 500   24 %   10/s   38 s left'
 */
export function describeProgress({ title, done, total, elapsedMs }: Position): string {
  const perSecond = elapsedMs > 0 ? (done / elapsedMs) * 1000 : 0;
  const parts = [
    `${title}  ${formatCount(done)}${total === undefined ? '' : ` of ${formatCount(total)}`}`,
    ...(total === undefined || total === 0 ? [] : [`${Math.floor((Math.min(done, total) / total) * 100)} %`]),
    ...(perSecond > 0 ? [`${perSecond < 10 ? perSecond.toFixed(1) : formatCount(Math.round(perSecond))}/s`] : []),
    ...(total !== undefined && perSecond > 0 && done < total
      ? [`${formatDuration(((total - done) / perSecond) * 1000)} left`]
      : []),
  ];
  return `  ${parts.join('   ')}`;
}
