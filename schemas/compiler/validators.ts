import { Ajv, type Options } from 'ajv';
import standalone from 'ajv/dist/standalone/index.js';
import { compact } from './compact.ts';
import type { Json, Shape } from './shape.ts';

/** What a compiled validator reports: the same, but for the schema's path, as ajv itself. */
export interface CompiledValidator {
  (data: unknown): boolean;
  readonly errors?: readonly { readonly instancePath: string; readonly message?: string }[] | null;
}

const options: Options = {
  strict: true,
  allErrors: true,
  // The schema was checked before, as it was written.
  meta: false,
  validateSchema: false,
  // Loops over required fields and comparisons with allowed values are the smaller code.
  loopRequired: 0,
  loopEnum: Number.POSITIVE_INFINITY,
  code: { source: true, esm: true, lines: true },
};

/**
 * Compiles a shape to a validator: once to try the examples with, once to the text of a module.
 *
 * A shape means the same in every draft of JSON Schema, so ajv's leanest dialect does: it is the fastest to compile.
 */
export function compileValidator(shape: Shape): { readonly validator: CompiledValidator; readonly text: string } {
  const schema = schemaOf(shape);
  // One ajv each: it numbers its constants, and what one fact becomes must not depend on the others.
  const ajv = new Ajv(options);
  const validator = ajv.compile(schema);
  return { validator, text: compact(standalone.default(ajv, validator), schema) };
}

/** The plain schema of a shape: no references, no annotations. */
function schemaOf(shape: Shape): Json {
  switch (shape.type) {
    case 'object':
      return {
        type: 'object',
        required: shape.fields.filter(({ required }) => required).map(({ name }) => name),
        properties: Object.fromEntries(shape.fields.map((field) => [field.name, schemaOf(field.shape)])),
      };
    case 'array':
      return { type: 'array', ...shape.limits, items: schemaOf(shape.items) };
    default:
      return { type: shape.type, ...shape.limits };
  }
}
