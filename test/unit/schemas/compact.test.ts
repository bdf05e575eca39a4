import { mkdtempDisposableSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compact } from '../../../schemas/compiler/compact.ts';
import { shapeOf } from '../../../schemas/compiler/shape.ts';
import { compileValidator } from '../../../schemas/compiler/validators.ts';

const documented = { description: 'One of each.', examples: ['any'] };

/** Every keyword that is supported, with limits that short random data often meets. */
const everything = {
  type: 'object',
  required: ['text', 'deep'],
  properties: {
    text: { ...documented, type: 'string', minLength: 1, maxLength: 3, pattern: '^[^b-z"\\\\/]*$' },
    word: { ...documented, type: 'string', enum: ['a', 'prop1', 'schema0.type', "it's", '"'] },
    fixed: { ...documented, type: 'string', const: 'a' },
    count: { ...documented, type: 'integer', minimum: -1, maximum: 2, multipleOf: 2 },
    size: { ...documented, type: 'number', exclusiveMinimum: -1, exclusiveMaximum: 2 },
    grade: { ...documented, type: 'integer', enum: [0, 1] },
    whole: { ...documented, type: 'integer' },
    flag: { ...documented, type: 'boolean', const: true },
    nothing: { ...documented, type: 'object' },
    deep: { ...documented, type: 'array', minItems: 1, maxItems: 2, items: { $ref: '#/$defs/row' } },
  },
  $defs: {
    row: { type: 'array', items: { $ref: '#/$defs/cell' } },
    cell: { type: 'object', required: ['at'], properties: { at: { ...documented, type: 'number' } } },
  },
};

test('compact validators decide and report as ajv does, whatever the keyword', async () => {
  const shape = shapeOf(everything, (pointer, message) => expect.fail(`${pointer} ${message}`));
  using folder = mkdtempDisposableSync(join(tmpdir(), 'validators-'));
  writeFileSync(join(folder.path, 'everything.mjs'), compileValidator(shape).text);
  const { accepts } = await import(/* @vite-ignore */ join(folder.path, 'everything.mjs'));
  const oracle = new Ajv2020({ allErrors: true, strict: false }).compile(everything);

  const scalar = fc.constantFrom<unknown>(
    '',
    'a',
    'aaaa',
    'b',
    '🙂',
    'prop1',
    "it's",
    '"',
    -1,
    0,
    0.5,
    1,
    2,
    3,
    4,
    true,
    null,
  );
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      scalar,
      fc.array(tie('value')),
      fc.record({ at: tie('value') }),
      fc.constant({}),
    ),
  }));
  const names = Object.keys(everything.properties);
  const data = fc.record(Object.fromEntries(names.map((name) => [name, fc.oneof(scalar, value)])), {
    requiredKeys: [],
  });
  fc.assert(
    fc.property(fc.oneof(data, value), (candidate) => {
      expect(accepts(candidate)).toBe(oracle(candidate));
      const expected = oracle.errors?.map(({ instancePath, keyword, params, message }) => ({
        instancePath,
        keyword,
        params,
        message,
      }));
      expect(accepts.errors).toEqual(expected ?? null);
    }),
    { numRuns: 2000 },
  );
  expect(accepts({ text: 'a', deep: [[{ at: 1 }]], word: 'schema0.type', flag: true, size: 0, count: 2 })).toBe(true);
});

test('code in a form that is not known is refused', () => {
  expect(() => compact('"use strict";\nmodule.exports = validate;', {})).toThrow(
    "ajv's code has a form that is not known",
  );
});
