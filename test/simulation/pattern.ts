/**
 * Whether a value fits a pattern, as EventBridge's rules and Lambda's event filters mean it: as much of both as the
 * backbone's own patterns use. Each field's value must be among those listed; `{ exists: true }` takes any; `$or` lists
 * patterns of which one must fit.
 *
 * @throws Error for anything else, so that no pattern is half understood
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */
export function fits(pattern: object, value: unknown): boolean {
  return Object.entries(pattern).every(([field, wanted]: [string, unknown]) => {
    if (field === '$or') return listOf(wanted, field).some((one) => isObject(one) && fits(one, value));
    const found = isObject(value) ? value[field] : undefined;
    return isObject(wanted) ? fits(wanted, found) : listOf(wanted, field).some((one) => isMatch(one, found));
  });
}

function isMatch(wanted: unknown, found: unknown): boolean {
  if (!isObject(wanted)) return wanted === found;
  if (Object.keys(wanted).length === 1 && typeof wanted.exists === 'boolean') {
    return wanted.exists === (found !== undefined);
  }
  throw new Error(`the simulation does not know the pattern ${JSON.stringify(wanted)}: it knows values and exists`);
}

function listOf(wanted: unknown, field: string): readonly unknown[] {
  if (Array.isArray(wanted)) return wanted;
  throw new Error(`the pattern of ${field} is ${JSON.stringify(wanted)}: give a list`);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
