/** One place at which two JSON values differ. What was not there before has no `from`, what is gone has no `to`. */
export interface Change {
  /** A JSON pointer (RFC 6901). */
  readonly at: string;
  readonly from?: unknown;
  readonly to?: unknown;
}

/** Where two JSON values differ, from the outside in; lists are compared place by place. */
export function changesBetween(from: unknown, to: unknown, at = ''): readonly Change[] {
  if (Array.isArray(from) !== Array.isArray(to) || !isContainer(from) || !isContainer(to)) {
    return Object.is(from, to) ? [] : [{ at, ...(from !== undefined && { from }), ...(to !== undefined && { to }) }];
  }
  const [before, after] = [new Map(Object.entries(from)), new Map(Object.entries(to))];
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((key) =>
    changesBetween(before.get(key), after.get(key), `${at}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`),
  );
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

export function isChange(value: unknown): value is Change {
  return typeof value === 'object' && value !== null && 'at' in value && typeof value.at === 'string';
}
