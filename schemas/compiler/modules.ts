import type { FactVersion } from './check.ts';
import { comment, typeText } from './types.ts';

/**
 * The modules that checked schemas become, by their paths in the folder of generated code:
 * for each version of a fact its type and its validator, and `facts.ts` with the latest of each.
 */
export function modulesOf(versions: readonly FactVersion[]): Map<string, string> {
  // facts.ts comes last: it is written when all that it imports is there.
  return new Map([
    ...versions.map((version): [string, string] => [`${moduleOf(version)}.js`, validatorModule(version, versions)]),
    ...versions.map((version): [string, string] => [`${moduleOf(version)}.d.ts`, declarations(version)]),
    ['facts.ts', factsModule(versions.filter(({ fact }, index) => versions[index + 1]?.fact !== fact))],
  ]);
}

const fileOf = ({ fact, version }: FactVersion): string => `${fact}.${version}`;

const moduleOf = (version: FactVersion): string => `validators/${fileOf(version)}`;

const generatedFrom = (files: string): string => `// Generated from ${files} by \`npm run generate\`. Do not edit.\n`;

/** Facts that look the same share a validator: who bundles both has it once. */
function validatorModule({ file, fact, validatorText }: FactVersion, versions: readonly FactVersion[]): string {
  const first = versions.find((version) => version.validatorText === validatorText);
  const shared = first !== undefined && first.fact !== fact;
  return `${generatedFrom(file)}\n${shared ? `export { accepts } from './${fileOf(first)}.js';\n` : validatorText}`;
}

const declarations = ({ file, fact, description, shape }: FactVersion): string =>
  [
    generatedFrom(file),
    "import type { Validator } from '../../../functions/backbone/fact.ts';\n\n",
    comment(description),
    `export type ${fact} = ${typeText(shape)};\n\n`,
    `export declare const accepts: Validator<${fact}>;\n`,
  ].join('');

const factsModule = (latest: readonly FactVersion[]): string =>
  [
    generatedFrom('the schemas'),
    "import type { FactType } from '../../functions/backbone/fact.ts';\n",
    ...latest.map((version) => {
      const { fact } = version;
      return `import { accepts as accepts${fact}, type ${fact} as ${fact}Data } from './${moduleOf(version)}.js';\n`;
    }),
    ...latest.map(
      ({ fact, source, version, description }) => `
${comment(description)}export type ${fact} = ${fact}Data;
${comment(description)}export const ${fact}: FactType<'${fact}', ${fact}> = {
  type: '${fact}',
  source: '${source}',
  schemaVersion: ${version},
  accepts: accepts${fact},
};
`,
    ),
  ].join('');
