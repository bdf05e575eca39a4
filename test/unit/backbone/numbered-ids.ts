import type { IdGenerator } from '../../../functions/backbone/ids.ts';

/** Ids that a test can foretell: `id-1`, `id-2` and so on. */
export function numberedIds(prefix = 'id'): IdGenerator {
  let last = 0;
  return { next: () => `${prefix}-${++last}` };
}
