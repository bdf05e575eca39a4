import { wrongUse } from '../failure.ts';

/** What a filter looks at. */
export interface Filtered {
  readonly metadata: object;
  readonly data: unknown;
}

/** Says of a fact whether it is meant. */
export type Filter = (fact: Filtered) => boolean;

type Comparison = (found: unknown, wanted: string) => boolean;

const COMPARISONS: Readonly<Record<string, Comparison>> = {
  '>=': (found, wanted) => compare(found, wanted) >= 0,
  '<=': (found, wanted) => compare(found, wanted) <= 0,
  '>': (found, wanted) => compare(found, wanted) > 0,
  '<': (found, wanted) => compare(found, wanted) < 0,
  '=': equals,
  '~': (found, wanted) => textOf(found).toLowerCase().includes(wanted.toLowerCase()),
};

/**
 * One condition on a fact.
 *
 * - `total>1000`, `currency=EUR`, `reason!=expired`, `customerId~ada` (contains, whatever the case)
 * - `paymentId` is there, `!paymentId` is not
 *
 * A path leads into the data, or with `metadata.` before it into the metadata. `*` stands for every element of a list:
 * one that fits is enough, as in `lines.*.sku=mug-blue`. `!=` holds where no value found is equal. Numbers are compared
 * as numbers, everything else as text, so that times compare by time.
 *
 * @throws OperatorError when it is none
 */
export function parseCondition(text: string): Filter {
  const [, not = '', given = '', operator, wanted = ''] =
    /^\s*(!?)\s*([\w$*-]+(?:\.[\w$*-]+)*)\s*(?:(!=|>=|<=|=|>|<|~)\s*(.*?)\s*)?$/s.exec(text) ?? [];
  if (given === '' || (not !== '' && operator !== undefined)) {
    throw wrongUse(
      `"${text}" is no condition; give a path and a value, such as total>1000, lines.*.sku=mug-blue, reason!=expired, or a path alone.`,
    );
  }
  const path = given.split('.');
  const found = ({ metadata, data }: Filtered): readonly unknown[] => {
    const [root, ...rest] = path;
    if (root === 'metadata' && rest.length > 0) return valuesAt(metadata, rest);
    // A field of the data may be called `data`.
    return [...valuesAt(data, path), ...(root === 'data' && rest.length > 0 ? valuesAt(data, rest) : [])];
  };
  if (operator === undefined) return (fact) => found(fact).length > 0 === (not === '');
  if (operator === '!=') return (fact) => !found(fact).some((value) => equals(value, wanted));
  const holds = COMPARISONS[operator];
  if (holds === undefined) throw new Error(`no comparison ${operator}`);
  return (fact) => found(fact).some((value) => holds(value, wanted));
}

/** Several conditions, all of which must hold. */
export function allOf(filters: readonly Filter[]): Filter {
  return (fact) => filters.every((filter) => filter(fact));
}

function valuesAt(value: unknown, [name, ...rest]: readonly string[]): readonly unknown[] {
  if (name === undefined) return value === undefined ? [] : [value];
  if (typeof value !== 'object' || value === null) return [];
  const next =
    name === '*' ? Object.values(value) : Object.entries(value).flatMap(([key, own]) => (key === name ? [own] : []));
  return next.flatMap((one) => valuesAt(one, rest));
}

function equals(found: unknown, wanted: string): boolean {
  if (typeof found === 'number') return isNumber(wanted) && found === Number(wanted);
  return textOf(found) === wanted;
}

/** NaN where the two cannot be compared, which no comparison holds for. */
function compare(found: unknown, wanted: string): number {
  if (typeof found === 'number') return isNumber(wanted) ? found - Number(wanted) : Number.NaN;
  if (typeof found !== 'string') return Number.NaN;
  return found < wanted ? -1 : found > wanted ? 1 : 0;
}

function isNumber(text: string): boolean {
  return text !== '' && !Number.isNaN(Number(text));
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
