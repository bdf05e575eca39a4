import { resolve } from 'node:path';
import type fc from 'fast-check';
import type { Fact, FactType } from '../../../functions/backbone/fact.ts';
import { checkSchemas } from '../../../schemas/compiler/check.ts';
import { arbitraryOf } from '../schemas/arbitrary-data.ts';

const shapes = new Map(
  checkSchemas(resolve(import.meta.dirname, '../../../schemas')).map(({ fact, shape }) => [fact, shape]),
);

/** Any fact that fits its schema. */
export function arbitraryFact<Type extends string, Data>(
  factType: FactType<Type, Data>,
): fc.Arbitrary<Fact<Type, Data>> {
  const { type, accepts } = factType;
  const shape = shapes.get(type);
  if (shape === undefined) throw new Error(`there is no schema of ${type}`);
  return arbitraryOf(shape)
    .filter((data): data is Data => accepts(data))
    .map((data) => ({ type, data }));
}
