import { Ajv2020 } from 'ajv/dist/2020.js';
import { checkExamples } from './examples.ts';
import { type Fault, messageOf, SchemasRefused } from './faults.ts';
import { readSchemas, type SchemaFile } from './read.ts';
import { documented, isJson, type Json, type Report, type Shape, shapeOf } from './shape.ts';
import { type CompiledValidator, compileValidator } from './validators.ts';

/** One version of a fact, checked and ready to be written out. */
export interface FactVersion {
  readonly file: string;
  readonly context: string;
  readonly fact: string;
  readonly source: string;
  readonly version: number;
  readonly description: string;
  readonly shape: Shape;
  /** The text of its validator's module. */
  readonly validatorText: string;
}

const dialect = 'https://json-schema.org/draft/2020-12/schema';

/**
 * Reads and checks all schemas of a folder.
 *
 * @returns the facts' versions, ordered by fact and version.
 * @throws SchemasRefused with everything that is wrong, if anything is.
 */
export function checkSchemas(folder: string): FactVersion[] {
  const faults: Fault[] = [];
  const files = readSchemas(folder, faults);
  const metaschema = new Ajv2020({ strict: true, allErrors: true });
  checkVersions(files, faults);
  const versions = files.flatMap((schema) => checkSchema(schema, metaschema, faults));
  checkSources(versions, faults);
  if (faults.length > 0) throw new SchemasRefused(faults);
  return versions;
}

/** A fact belongs to one context, and its versions are counted from 1 without gaps. */
function checkVersions(files: readonly SchemaFile[], faults: Fault[]): void {
  for (const [index, { file, context, fact, version }] of files.entries()) {
    const before = files[index - 1];
    const next = before?.fact === fact && before.context === context;
    if (before?.fact === fact && !next) {
      faults.push({ file, pointer: '', message: `names a fact that ${before.file} has already` });
    }
    const expected = next ? before.version + 1 : 1;
    if (version !== expected) faults.push({ file, pointer: '', message: `version ${expected} is missing before it` });
  }
}

/** All versions of a fact come from the same source. */
function checkSources(versions: readonly FactVersion[], faults: Fault[]): void {
  for (const [index, { file, context, fact, source }] of versions.entries()) {
    const before = versions[index - 1];
    if (before?.fact !== fact || before.context !== context || before.source === source) continue;
    faults.push({ file, pointer: '/$id', message: `names the source ${source}, but ${before.file} ${before.source}` });
  }
}

function checkSchema(schema: SchemaFile, metaschema: Ajv2020, faults: Fault[]): FactVersion[] {
  const { content, ...named } = schema;
  if (content === undefined) return [];
  const own: Fault[] = [];
  const report: Report = (pointer, message) => {
    const known = own.some((fault) => fault.pointer === pointer && fault.message === message);
    if (!known) own.push({ file: schema.file, pointer, message });
  };
  const checked = readChecked(schema, metaschema, report);
  const compiled = checked && own.length === 0 ? compile(checked, report) : undefined;
  faults.push(...own);
  return checked && compiled ? [{ ...named, ...checked, ...compiled }] : [];
}

type Checked = Pick<FactVersion, 'source' | 'description' | 'shape'> & { readonly examples: readonly unknown[] };

function readChecked(schema: SchemaFile, metaschema: Ajv2020, report: Report): Checked | undefined {
  const { content } = schema;
  if (!isJson(content) || content.$schema !== dialect) {
    report('/$schema', `must be "${dialect}"`);
    return undefined;
  }
  if (!metaschema.validateSchema(content)) {
    for (const { instancePath, message } of metaschema.errors ?? []) report(instancePath, message ?? 'is wrong');
    return undefined;
  }
  const source = checkIdentity(schema, content, report);
  const shape = shapeOf(content, report);
  if (shape.type !== 'object') report('/type', "must be object: a fact's data has named fields");
  return { source, shape, ...documented(content, '', report) };
}

/** Checks that a schema says of itself what its path says. */
function checkIdentity({ context, fact, version }: SchemaFile, content: Json, report: Report): string {
  if (content.title !== fact) report('/title', `must be "${fact}", as the folder is named`);
  const id = typeof content.$id === 'string' ? content.$id : '';
  const source = /^urn:factbus:([a-z][a-z0-9.-]*):/.exec(id)?.[1] ?? '';
  if (id !== `urn:factbus:${source}:${fact}:${version}` || !source.endsWith(`.${context}`)) {
    report(
      '/$id',
      `must be "urn:factbus:<owner>.${context}:${fact}:${version}", with <owner>.${context} as the source`,
    );
  }
  return source;
}

function compile({ shape, examples }: Checked, report: Report): Pick<FactVersion, 'validatorText'> | undefined {
  let validator: CompiledValidator;
  let text: string;
  try {
    ({ validator, text } = compileValidator(shape));
  } catch (error) {
    report('', `cannot be compiled: ${messageOf(error)}`);
    return undefined;
  }
  checkExamples(shape, examples, validator, report);
  return { validatorText: text };
}
