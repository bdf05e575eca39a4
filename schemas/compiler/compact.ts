import { isJson, type Json } from './shape.ts';

/** What ajv writes around the statements of a validator that needs no other. */
const wholeModule = new RegExp(
  [
    '^"use strict";',
    'export const validate = (?<name>\\w+);',
    'export default \\k<name>;',
    'const schema\\d+ = .+;',
    '(?<constants>(?:const .+\n)*)',
    'function \\k<name>\\(.+\\)\\{',
    'let vErrors = null;',
    'let errors = 0;',
    '(?<statements>[^]+?)\\k<name>\\.errors = vErrors;',
    'return errors === 0;',
    '\\}\\s*$',
  ].join('\n'),
);

/** An error, as ajv writes it out wherever it may occur. */
const writtenError = new RegExp(
  [
    'const (err\\d+) = \\{instancePath(?::instancePath\\+(.+?))?,schemaPath:"[^"]*",(.+)\\};',
    'if\\(vErrors === null\\)\\{',
    'vErrors = \\[\\1\\];',
    '\\}',
    'else \\{',
    'vErrors\\.push\\(\\1\\);',
    '\\}',
    'errors\\+\\+;',
  ].join('\n'),
  'g',
);

/** Longer and shorter ways to say the same. */
const shorter: readonly (readonly [RegExp, string])[] = [
  [
    /\(\(typeof (\w+) == "number"\) && \(!\(\1 % 1\) && !isNaN\(\1\)\)\) && \(isFinite\(\1\)\)/g,
    'Number.isInteger($1)',
  ],
  [/\(typeof (\w+) == "number"\) && \(isFinite\(\1\)\)/g, 'Number.isFinite($1)'],
  // Behind Number.isFinite a number can be compared.
  [/ \|\| isNaN\(\w+\)/g, ''],
];

/** In place of the one function of ajv's runtime that the supported keywords need. */
const lengths = ['require("ajv/dist/runtime/ucs2length").default', '(text) => [...text].length'] as const;

/**
 * Makes ajv's standalone code small and self-contained, without changing what it accepts and what it reports.
 *
 * Most of that code is errors, each written out in full where it may occur. Here each becomes a call, and what several
 * have in common is written once. ajv's runtime is not needed, and the schema is not carried along.
 * Code in another form than expected, as another version of ajv may write it, is refused.
 */
export function compact(code: string, schema: Json): string {
  const { constants = '', statements = '' } = wholeModule.exec(code)?.groups ?? {};
  const errors = new Map<string, string>();
  const body = shorter
    .reduce((text, [long, short]) => text.replaceAll(long, short), statements)
    .replaceAll(/(?<=allowedValues: | of )schema\d+\.([\w.]+)/g, (_, path) => JSON.stringify(lookUp(schema, path)))
    .replaceAll(writtenError, (_, _name, path = '""', members = '') => {
      // The loop over required fields holds the name of the missing one in a variable.
      const variable = /missingProperty: (prop\d+)/.exec(members)?.[1];
      const error = variable ? `(name) => ({${members.replaceAll(variable, 'name')}})` : `{${members}}`;
      const shared = errors.get(error) ?? `error${errors.size}`;
      errors.set(error, shared);
      return `refuse(${path}, ${variable ? `${shared}(${variable})` : shared});`;
    });
  const text = [
    constants.replaceAll(...lengths),
    ...Array.from(errors, ([error, name]) => `const ${name} = ${error};\n`),
    '\nexport function accepts(data) {\n',
    'const errors = [];\n',
    'const refuse = (instancePath, error) => errors.push({ instancePath, ...error });\n',
    body,
    'accepts.errors = errors.length === 0 ? null : errors;\n',
    'return errors.length === 0;\n',
    '}\n',
  ].join('');
  const unknown = body === '' ? code : /.*(?:\bvErrors\b|\bschema\d+\b|\brequire\().*/.exec(withoutStrings(text))?.[0];
  if (unknown !== undefined) throw new Error(`ajv's code has a form that is not known: ${unknown.slice(0, 200)}`);
  return indented(text);
}

const lookUp = (schema: unknown, path: string): unknown =>
  path.split('.').reduce((at, name) => (isJson(at) ? at[name] : undefined), schema);

const withoutStrings = (code: string): string => code.replaceAll(/"(?:[^"\\]|\\.)*"/g, '""');

function indented(code: string): string {
  let depth = 0;
  return code.replaceAll(/^.+$/gm, (line) => {
    if (line.startsWith('}')) depth -= 1;
    const text = '  '.repeat(depth) + line;
    if (line.endsWith('{')) depth += 1;
    return text;
  });
}
