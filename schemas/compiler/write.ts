import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { pid } from 'node:process';

/** How a folder differs from the files that it should hold. */
export interface Drift {
  /** Files to write, because they are missing or hold something else. */
  readonly outdated: readonly string[];
  /** Files to remove, because nothing accounts for them any more. */
  readonly stale: readonly string[];
}

const temporary = '.tmp';

/** Compares a folder with the files that it should hold. */
export function driftOf(folder: string, files: ReadonlyMap<string, string>): Drift {
  return {
    outdated: [...files].filter(([path, text]) => contentOf(join(folder, path)) !== text).map(([path]) => path),
    stale: filesIn(folder).filter((path) => !files.has(path) && !path.endsWith(temporary)),
  };
}

/** Makes a folder hold exactly these files. What is right already is not touched, so that watchers stay calm. */
export function writeFiles(folder: string, files: ReadonlyMap<string, string>): Drift {
  const drift = driftOf(folder, files);
  for (const path of drift.outdated) writeAtOnce(join(folder, path), files.get(path) ?? '');
  for (const path of drift.stale) rmSync(join(folder, path), { force: true });
  return drift;
}

/** Whoever reads the file, or runs at the same time, finds the old text or the new one, never a part of it. */
function writeAtOnce(file: string, text: string): void {
  const draft = `${file}.${pid}${temporary}`;
  mkdirSync(dirname(file), { recursive: true });
  try {
    writeFileSync(draft, text);
    renameSync(draft, file);
  } finally {
    rmSync(draft, { force: true });
  }
}

function contentOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => !entry.isDirectory())
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll(sep, '/'));
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

const isMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT';
