import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { checkSchemas } from '../../../schemas/compiler/check.ts';
import { SchemasRefused } from '../../../schemas/compiler/faults.ts';
import { rightSchema } from './right-schema.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'schemas-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function given(files: Readonly<Record<string, unknown>>): void {
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), typeof content === 'string' ? content : JSON.stringify(content));
  }
}

/** What is wrong, as `file#pointer: message`. */
function faults(): string[] {
  try {
    checkSchemas(folder);
    return [];
  } catch (error) {
    if (!(error instanceof SchemasRefused)) throw error;
    return error.faults.map(({ file, pointer, message }) => `${file}#${pointer}: ${message}`);
  }
}

test('a right schema has no faults', () => {
  given({ 'orders/ParcelWeighed/1.json': rightSchema(), 'orders/ParcelWeighed/2.json': rightSchema({ version: 2 }) });
  expect(faults()).toEqual([]);
  expect(checkSchemas(folder).map(({ fact, version, source }) => ({ fact, version, source }))).toEqual([
    { fact: 'ParcelWeighed', version: 1, source: 'shop.orders' },
    { fact: 'ParcelWeighed', version: 2, source: 'shop.orders' },
  ]);
});

describe('files', () => {
  test('must be JSON', () => {
    given({ 'orders/ParcelWeighed/1.json': '{ "title": ' });
    expect(faults()).toEqual([expect.stringMatching(/^orders\/ParcelWeighed\/1\.json#: is not valid JSON: ./)]);
  });

  test('must be named for context, fact and version', () => {
    given({ 'orders/ParcelWeighed/first.json': rightSchema(), 'orders/1.json': rightSchema(), 'Orders/A/1.json': {} });
    const message = 'is not named <context>/<Fact>/<version>.json, as orders/OrderPlaced/1.json is';
    expect(faults().sort()).toEqual([
      `Orders/A/1.json#: ${message}`,
      `orders/1.json#: ${message}`,
      `orders/ParcelWeighed/first.json#: ${message}`,
    ]);
  });

  test('must not leave out a version', () => {
    given({ 'orders/ParcelWeighed/1.json': rightSchema(), 'orders/ParcelWeighed/3.json': rightSchema({ version: 3 }) });
    expect(faults()).toEqual(['orders/ParcelWeighed/3.json#: version 2 is missing before it']);
  });

  test('must begin with version 1', () => {
    given({ 'orders/ParcelWeighed/2.json': rightSchema({ version: 2 }) });
    expect(faults()).toEqual(['orders/ParcelWeighed/2.json#: version 1 is missing before it']);
  });

  test('must not name the fact of another context', () => {
    const other = rightSchema({ source: 'shop.shipping' });
    given({ 'orders/ParcelWeighed/1.json': rightSchema(), 'shipping/ParcelWeighed/1.json': other });
    expect(faults()).toEqual([
      'shipping/ParcelWeighed/1.json#: names a fact that orders/ParcelWeighed/1.json has already',
    ]);
  });

  test('must agree on the source', () => {
    const other = rightSchema({ version: 2, source: 'store.orders' });
    given({ 'orders/ParcelWeighed/1.json': rightSchema(), 'orders/ParcelWeighed/2.json': other });
    expect(faults()).toEqual([
      'orders/ParcelWeighed/2.json#/$id: names the source store.orders, but orders/ParcelWeighed/1.json shop.orders',
    ]);
  });
});

/** What is changed in a right schema, and the faults that this must show. */
const faulty: Readonly<Record<string, readonly [change: object, ...faults: string[]]>> = {
  'another dialect': [
    { $schema: 'http://json-schema.org/draft-07/schema#' },
    '/$schema: must be "https://json-schema.org/draft/2020-12/schema"',
  ],
  'not valid against the metaschema': [
    { required: 'parcelId', properties: 7 },
    '/properties: must be object',
    '/required: must be array',
  ],
  'another title': [{ title: 'Parcel weighed' }, '/title: must be "ParcelWeighed", as the folder is named'],
  'the id of another context': [
    { $id: 'urn:factbus:shop.shipping:ParcelWeighed:1' },
    '/$id: must be "urn:factbus:<owner>.orders:ParcelWeighed:1", with <owner>.orders as the source',
  ],
  'the id of another version': [
    { $id: 'urn:factbus:shop.orders:ParcelWeighed:2' },
    '/$id: must be "urn:factbus:<owner>.orders:ParcelWeighed:1", with <owner>.orders as the source',
  ],
  'no words for the fact': [{ description: ' ', examples: [] }, ': has no description', ': has no examples'],
  'no words for a field': [
    { properties: { parcelId: { type: 'string' }, grams: { type: 'integer', description: 'Weight.', examples: [1] } } },
    '/properties/parcelId: has no description',
    '/properties/parcelId: has no examples',
  ],
  'data that is no object': [
    { type: 'string', required: undefined, properties: undefined, examples: ['a'] },
    "/type: must be object: a fact's data has named fields",
  ],
  'closed to additions': [
    { additionalProperties: false },
    '/additionalProperties: is not supported here: facts stay open, so that a later version may add fields',
  ],
  alternatives: [
    { oneOf: [{ required: ['grams'] }] },
    '/oneOf: is not supported here: supported are type, properties, required',
  ],
  'a reference to another file': [
    withField({ $ref: 'urn:factbus:shop.orders:OrderPlaced:1' }),
    '/properties/extra/$ref: "urn:factbus:shop.orders:OrderPlaced:1" leads nowhere: refer to "#/$defs/<name>" in the same file',
  ],
  'a definition that refers to itself': [
    {
      ...withField({ $ref: '#/$defs/tree' }),
      $defs: { tree: { type: 'array', items: { $ref: '#/$defs/tree' } } },
    },
    '/$defs/tree/items/$ref: "#/$defs/tree" refers to itself',
  ],
  'several types': [
    withField({ type: ['string', 'null'] }),
    '/properties/extra: must have one type out of object, array, string, integer, number, boolean',
  ],
  'a list of anything': [withField({ type: 'array' }), '/properties/extra/items: must be an object that names a type'],
  'a format': [
    withField({ type: 'string', format: 'uuid' }),
    '/properties/extra/format: is not supported here: most validators take it for a comment; write a pattern',
  ],
  'a pattern that is none': [
    withField({ type: 'string', pattern: '(' }),
    '/properties/extra/pattern: Invalid regular expression: /(/u: Unterminated group',
  ],
  'a field in another spelling': [
    {
      properties: { ...rightSchema().properties, 'parcel-id': { type: 'string', description: 'Id.', examples: ['a'] } },
    },
    '/properties/parcel-id: is not named in camelCase',
  ],
  'a required field that is none': [
    { required: ['parcelId', 'weight'] },
    '/required: names "weight", which is not among the properties',
  ],
  'an example that does not fit': [
    { examples: [{ parcelId: 'p1', grams: 1.5 }, { grams: 1 }] },
    '/examples/0/grams: the example must be integer',
    "/examples/1: the example must have required property 'parcelId'",
  ],
  "a field's example that does not fit": [
    withField({ type: 'array', items: { type: 'string', maxLength: 1 } }, [['a'], ['a', 'bc'], 'a']),
    '/properties/extra/examples/1/1: the example must NOT have more than 1 characters',
    '/properties/extra/examples/2: the example must be array',
  ],
  'values of another type': [
    withField({ type: 'string', enum: ['a', 1] }),
    '/properties/extra: cannot have the value 1: it is of type string',
  ],
  'what ajv cannot compile': [
    withField({ type: 'string', enum: [] }),
    ': cannot be compiled: enum must have non-empty array',
  ],
};

describe('a schema is refused for', () => {
  test.each(Object.entries(faulty))('%s', (_, [change, ...expected]) => {
    given({ 'orders/ParcelWeighed/1.json': { ...rightSchema(), ...change } });
    expect(faults()).toEqual(expected.map((fault) => `orders/ParcelWeighed/1.json#${fault}`));
  });
});

test('all faults of all files are told at once', () => {
  given({ 'orders/ParcelLost/1.json': '[]', 'orders/ParcelWeighed/1.json': { ...rightSchema(), title: '' } });
  expect(() => checkSchemas(folder)).toThrow(`2 faults in the schemas:
  orders/ParcelLost/1.json#/$schema: must be "https://json-schema.org/draft/2020-12/schema"
  orders/ParcelWeighed/1.json#/title: must be "ParcelWeighed", as the folder is named`);
});

function withField(field: object, examples: unknown[] = ['a']): object {
  const { properties } = rightSchema();
  return { properties: { ...properties, extra: { ...field, description: 'One more.', examples } } };
}
