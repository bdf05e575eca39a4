import fc from 'fast-check';
import type { Field, Json, Shape } from '../../../schemas/compiler/shape.ts';

/** Any data that fits a shape. */
export function arbitraryOf(shape: Shape): fc.Arbitrary<unknown> {
  switch (shape.type) {
    case 'object':
      return record(shape.fields);
    case 'array':
      return fc.array(arbitraryOf(shape.items), {
        minLength: numberOf(shape.limits.minItems, 0),
        maxLength: numberOf(shape.limits.maxItems, 10),
      });
    case 'string':
      return text(shape.limits);
    case 'boolean':
      return fc.boolean();
    default:
      return fc.integer({ min: Number(shape.limits.minimum), max: Number(shape.limits.maximum) });
  }
}

/** Data that fits a shape but for one field, and the JSON pointer to that field. */
export function brokenOf(shape: Shape): fc.Arbitrary<{ data: unknown; path: string }> {
  if (shape.type === 'object') {
    return fc.constantFrom(...shape.fields).chain((field) => {
      const others = record(shape.fields.filter((other) => other !== field));
      const broken = fc.oneof(brokenOf(field.shape), ...(field.required ? [fc.constant(missing)] : []));
      return fc.tuple(others, broken).map(([members, { data, path }]) => ({
        data: data === undefined ? members : { ...members, [field.name]: data },
        path: `/${field.name}${path}`,
      }));
    });
  }
  if (shape.type === 'array') {
    const brokenItem = fc.tuple(fc.array(arbitraryOf(shape.items), { maxLength: 5 }), brokenOf(shape.items));
    const unfit = fc.constantFrom<unknown>(null, {}, 'text', 7, ...(shape.limits.minItems === undefined ? [] : [[]]));
    return fc.oneof(
      brokenItem.map(([items, { data, path }]) => ({ data: [...items, data], path: `/${items.length}${path}` })),
      unfit.map((data) => ({ data, path: '' })),
    );
  }
  return fc.constantFrom(...unfitting(shape.type, shape.limits)).map((data) => ({ data, path: '' }));
}

const missing = { data: undefined, path: '' };

const record = (fields: readonly Field[]): fc.Arbitrary<object> =>
  fc.record(Object.fromEntries(fields.map(({ name, shape }) => [name, arbitraryOf(shape)])), {
    requiredKeys: fields.filter(({ required }) => required).map(({ name }) => name),
  });

function text({ pattern, enum: values, maxLength }: Json): fc.Arbitrary<unknown> {
  if (Array.isArray(values)) return fc.constantFrom(...values);
  if (typeof pattern === 'string') return fc.stringMatching(new RegExp(pattern, 'u'));
  return fc.string({ unit: 'binary', maxLength: numberOf(maxLength, 20) });
}

function unfitting(type: 'string' | 'integer' | 'number' | 'boolean', limits: Json): unknown[] {
  const others = [null, [], {}];
  if (type === 'boolean') return [...others, 'true', 0];
  if (type === 'string')
    return [...others, 7, 'x'.repeat(501), ...('maxLength' in limits ? [] : ['', 'two words', 'é'])];
  return [...others, '1', true, 1.5, Number(limits.minimum) - 1, Number(limits.maximum) + 1];
}

const numberOf = (value: unknown, otherwise: number): number => (typeof value === 'number' ? value : otherwise);
