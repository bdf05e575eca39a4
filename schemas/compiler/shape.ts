import { messageOf, pointerTo } from './faults.ts';

/**
 * What a schema says about data, with its references resolved: the part of JSON Schema that facts are described with.
 * It is kept small on purpose: whatever is in it has one obvious TypeScript type and a small validator.
 */
export type Shape = ObjectShape | ArrayShape | ScalarShape;

export interface ObjectShape {
  readonly type: 'object';
  readonly fields: readonly Field[];
}

export interface ArrayShape {
  readonly type: 'array';
  readonly items: Shape;
  readonly limits: Json;
}

export interface ScalarShape {
  readonly type: 'string' | 'integer' | 'number' | 'boolean';
  /** The keywords that narrow it, such as `pattern` or `maximum`. */
  readonly limits: Json;
}

export interface Field {
  readonly name: string;
  readonly required: boolean;
  readonly description: string;
  readonly examples: readonly unknown[];
  /** Where the schema describes it. */
  readonly pointer: string;
  readonly shape: Shape;
}

/** A JSON object. */
export type Json = Readonly<Record<string, unknown>>;

/** Takes note of a fault at a JSON pointer. */
export type Report = (pointer: string, message: string) => void;

const numeric = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf', 'enum', 'const'];
const limits: Readonly<Record<Shape['type'], readonly string[]>> = {
  object: [],
  array: ['minItems', 'maxItems'],
  string: ['pattern', 'minLength', 'maxLength', 'enum', 'const'],
  integer: numeric,
  number: numeric,
  boolean: ['enum', 'const'],
};
const annotations = ['title', 'description', 'examples', '$comment', 'deprecated'];

/** Keywords that people reach for, why they are not supported, and what to do instead. */
const instead: Readonly<Record<string, string>> = {
  additionalProperties: 'facts stay open, so that a later version may add fields',
  format: 'most validators take it for a comment; write a pattern',
  default: 'a fact says what happened, not what a reader should assume',
};

/** Stands for what could not be read, so that reading goes on and finds the other faults. */
const unreadable: Shape = { type: 'object', fields: [] };

/** Reads a schema that fits the metaschema; reports what is missing in it and what is not supported. */
export function shapeOf(root: Json, report: Report): Shape {
  const { $schema, $id, $defs, ...schema } = root;
  return read(schema, '', { definitions: membersOf($defs), open: [], report });
}

interface Reading {
  readonly definitions: Json;
  /** The definitions that are being read: one that comes again refers to itself. */
  readonly open: readonly string[];
  readonly report: Report;
}

function read(schema: unknown, at: string, reading: Reading): Shape {
  if (!isJson(schema)) {
    reading.report(at, 'must be an object that names a type');
    return unreadable;
  }
  if ('$ref' in schema) return readReference(schema, at, reading);
  const { type } = schema;
  if (!isSupported(type)) {
    reading.report(at, `must have one type out of ${Object.keys(limits).join(', ')}`);
    return unreadable;
  }
  switch (type) {
    case 'object':
      refuseOthers(schema, ['type', 'properties', 'required'], at, reading);
      return { type, fields: readFields(schema, at, reading) };
    case 'array':
      refuseOthers(schema, ['type', 'items', ...limits[type]], at, reading);
      return { type, items: read(schema.items, pointerTo(at, 'items'), reading), limits: limitsOf(schema, type) };
    default:
      refuseOthers(schema, ['type', ...limits[type]], at, reading);
      checkPattern(schema, at, reading);
      checkValues(schema, type, at, reading);
      return { type, limits: limitsOf(schema, type) };
  }
}

function readReference(schema: Json, at: string, reading: Reading): Shape {
  refuseOthers(schema, ['$ref'], at, reading);
  const name = /^#\/\$defs\/([A-Za-z0-9]+)$/.exec(String(schema.$ref))?.[1] ?? '';
  const { definitions, open, report } = reading;
  if (!Object.hasOwn(definitions, name) || open.includes(name)) {
    const fault = open.includes(name)
      ? 'refers to itself'
      : 'leads nowhere: refer to "#/$defs/<name>" in the same file';
    report(pointerTo(at, '$ref'), `${JSON.stringify(schema.$ref)} ${fault}`);
    return unreadable;
  }
  return read(definitions[name], pointerTo('', '$defs', name), { ...reading, open: [...open, name] });
}

function readFields(schema: Json, at: string, reading: Reading): Field[] {
  const properties = membersOf(schema.properties);
  const required = Array.isArray(schema.required) ? schema.required : [];
  for (const name of required) {
    if (Object.hasOwn(properties, name)) continue;
    reading.report(pointerTo(at, 'required'), `names ${JSON.stringify(name)}, which is not among the properties`);
  }
  return Object.entries(properties).map(([name, property]) => {
    const pointer = pointerTo(at, 'properties', name);
    if (!/^[a-z][A-Za-z0-9]*$/.test(name)) reading.report(pointer, 'is not named in camelCase');
    const shape = read(property, pointer, reading);
    return {
      name,
      required: required.includes(name),
      pointer,
      shape,
      ...documented(property, pointer, reading.report),
    };
  });
}

/** Reads what every fact and every field must have: words for people, and examples. */
export function documented(schema: unknown, at: string, report: Report): Pick<Field, 'description' | 'examples'> {
  const { description, examples } = membersOf(schema);
  if (typeof description !== 'string' || description.trim() === '') report(at, 'has no description');
  if (!Array.isArray(examples) || examples.length === 0) report(at, 'has no examples');
  return {
    description: typeof description === 'string' ? description : '',
    examples: Array.isArray(examples) ? examples : [],
  };
}

function refuseOthers(schema: Json, supported: readonly string[], at: string, { report }: Reading): void {
  for (const keyword of Object.keys(schema)) {
    if (supported.includes(keyword) || annotations.includes(keyword)) continue;
    const why = instead[keyword] ?? `supported are ${supported.join(', ')}`;
    report(pointerTo(at, keyword), `is not supported here: ${why}`);
  }
}

function checkPattern({ pattern }: Json, at: string, { report }: Reading): void {
  if (typeof pattern !== 'string') return;
  try {
    new RegExp(pattern, 'u');
  } catch (error) {
    report(pointerTo(at, 'pattern'), messageOf(error));
  }
}

function checkValues(schema: Json, type: ScalarShape['type'], at: string, { report }: Reading): void {
  const expected = type === 'integer' ? 'number' : type;
  const values = Array.isArray(schema.enum) ? schema.enum : 'const' in schema ? [schema.const] : [];
  for (const value of values) {
    if (typeof value !== expected) report(at, `cannot have the value ${JSON.stringify(value)}: it is of type ${type}`);
  }
}

const limitsOf = (schema: Json, type: Shape['type']): Json =>
  Object.fromEntries(Object.entries(schema).filter(([keyword]) => limits[type].includes(keyword)));

const isSupported = (type: unknown): type is Shape['type'] => typeof type === 'string' && Object.hasOwn(limits, type);

const membersOf = (value: unknown): Json => (isJson(value) ? value : {});

/** Whether a JSON value is an object. */
export const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
