import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { checkSchemas } from './compiler/check.ts';
import { messageOf, SchemasRefused } from './compiler/faults.ts';
import { modulesOf } from './compiler/modules.ts';
import { driftOf, writeFiles } from './compiler/write.ts';

const help = `Turns schemas into types and validators, in the folder 'generated' beside them.

Usage: npm run generate -- [options] [folder]

  folder    where the schemas are, if not in schemas/
  --check   writes nothing; fails if what is generated is not what the schemas say
  --help    shows this text

Exit codes: 0 done, 1 --check found differences, 2 the schemas are at fault, 64 wrong usage
`;
const exitCodes = { done: 0, drift: 1, faults: 2, usage: 64 } as const;

function run(): number {
  let options: ReturnType<typeof readOptions>;
  try {
    options = readOptions();
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n\n${help}`);
    return exitCodes.usage;
  }
  if (options.help) {
    process.stdout.write(help);
    return exitCodes.done;
  }
  try {
    return generate(options.folder, options.check);
  } catch (error) {
    if (!(error instanceof SchemasRefused)) throw error;
    console.error(error.message);
    return exitCodes.faults;
  }
}

function readOptions() {
  const { values, positionals } = parseArgs({
    options: { check: { type: 'boolean', default: false }, help: { type: 'boolean', default: false, short: 'h' } },
    allowPositionals: true,
  });
  const [folder = import.meta.dirname, ...others] = positionals;
  if (others.length > 0) throw new Error(`One folder at a time, not also ${others.join(', ')}`);
  if (!existsSync(folder)) throw new Error(`There is no folder ${folder}`);
  return { ...values, folder };
}

function generate(folder: string, checkOnly: boolean): number {
  const versions = checkSchemas(folder);
  const modules = modulesOf(versions);
  const generated = join(folder, 'generated');
  const facts = new Set(versions.map(({ fact }) => fact)).size;
  if (!checkOnly) {
    writeFiles(generated, modules);
    console.log(`generated ${facts} ${facts === 1 ? 'fact' : 'facts'} in ${(performance.now() / 1000).toFixed(1)} s`);
    return exitCodes.done;
  }
  const { outdated, stale } = driftOf(generated, modules);
  if (outdated.length + stale.length === 0) {
    console.log(facts === 1 ? '1 fact is as its schema says' : `${facts} facts are as their schemas say`);
    return exitCodes.done;
  }
  const shown = (path: string): string => relative('', join(generated, path));
  for (const path of outdated) console.error(`${shown(path)} is missing or out of date`);
  for (const path of stale) console.error(`${shown(path)} belongs to no schema`);
  console.error('Run `npm run generate`.');
  return exitCodes.drift;
}

process.exitCode = run();
