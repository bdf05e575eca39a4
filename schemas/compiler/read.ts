import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { type Fault, messageOf } from './faults.ts';

/** A schema file as its path names it. Nothing is known about its content yet. */
export interface SchemaFile {
  /** Relative to the schemas folder: `orders/OrderPlaced/1.json`. */
  readonly file: string;
  readonly context: string;
  readonly fact: string;
  readonly version: number;
  /** What the file holds; undefined if it is not JSON. */
  readonly content: unknown;
}

const schemaPath = /^(?<context>[a-z][a-z0-9-]*)\/(?<fact>[A-Z][A-Za-z0-9]*)\/(?<version>[1-9][0-9]*)\.json$/;

/** Reads every `<context>/<Fact>/<version>.json` of a folder, ordered by fact, context and version. */
export function readSchemas(folder: string, faults: Fault[]): SchemaFile[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll(sep, '/'))
    .filter((path) => path.endsWith('.json') && !path.startsWith('generated/'))
    .flatMap((file) => {
      const { context, fact, version } = schemaPath.exec(file)?.groups ?? {};
      if (context === undefined || fact === undefined || version === undefined) {
        const message = 'is not named <context>/<Fact>/<version>.json, as orders/OrderPlaced/1.json is';
        faults.push({ file, pointer: '', message });
        return [];
      }
      return [{ file, context, fact, version: Number(version), content: readJson(folder, file, faults) }];
    })
    .sort((a, b) => compare(a.fact, b.fact) || compare(a.context, b.context) || a.version - b.version);
}

function readJson(folder: string, file: string, faults: Fault[]): unknown {
  try {
    return JSON.parse(readFileSync(join(folder, file), 'utf8'));
  } catch (error) {
    faults.push({ file, pointer: '', message: `is not valid JSON: ${messageOf(error)}` });
    return undefined;
  }
}

const compare = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1);
