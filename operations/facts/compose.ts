import { wrongUse } from '../failure.ts';

/**
 * Data with single values put in: `path=text` is a text, `path:=json` anything. A number in the path is a place in a list;
 * what is not there yet is made.
 *
 * @param base what the values are put into; it is left as it is
 * @throws OperatorError when one cannot be read, or leads through something that is no object and no list
 * @example compose({}, ['cartId=c1', 'lines.0.quantity:=2']) // { cartId: 'c1', lines: [{ quantity: 2 }] }
 */
export function compose(base: unknown, settings: readonly string[]): unknown {
  return settings.reduce<unknown>((data, setting) => {
    const [, path, operator, text = ''] = /^([\w-]+(?:\.[\w-]+)*)(:?=)(.*)$/s.exec(setting) ?? [];
    if (path === undefined) {
      throw wrongUse(`--set "${setting}" is no setting; give path=text, or path:=json for anything else.`);
    }
    return withValue(data, path.split('.'), operator === ':=' ? jsonOf(setting, text) : text, setting);
  }, base);
}

function withValue(container: unknown, [name, ...rest]: readonly string[], value: unknown, setting: string): unknown {
  if (name === undefined) return value;
  const isPlace = /^\d+$/.test(name);
  if (container === undefined ? isPlace : Array.isArray(container)) {
    if (!isPlace) throw wrongUse(`--set "${setting}": "${name}" is no place in a list; places begin with 0.`);
    const items = Array.isArray(container) ? [...container] : [];
    const at = Number(name);
    if (at > items.length)
      throw wrongUse(`--set "${setting}": the list has ${items.length} entries; the next place is ${items.length}.`);
    items[at] = withValue(items[at], rest, value, setting);
    return items;
  }
  if (container !== undefined && (typeof container !== 'object' || container === null)) {
    throw wrongUse(`--set "${setting}" leads through ${JSON.stringify(container)}, which has no "${name}".`);
  }
  const fields: Readonly<Record<string, unknown>> = { ...container };
  return { ...fields, [name]: withValue(fields[name], rest, value, setting) };
}

function jsonOf(setting: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw wrongUse(`--set "${setting}": ${text} is not JSON; a text is set by = alone.`);
  }
}
