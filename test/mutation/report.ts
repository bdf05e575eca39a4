import { readFileSync } from 'node:fs';

/** What Stryker writes, as far as it is read here: https://github.com/stryker-mutator/mutation-testing-elements */
interface StrykerReport {
  readonly files: Readonly<Record<string, { readonly source: string; readonly mutants: readonly StrykerMutant[] }>>;
}

interface StrykerMutant {
  readonly status: string;
  readonly replacement: string;
  readonly location: { readonly start: Position; readonly end: Position };
}

/** From 1. */
interface Position {
  readonly line: number;
  readonly column: number;
}

/** What became of the mutants of one file. */
export interface FileScore {
  readonly file: string;
  /** A test failed. */
  readonly killed: number;
  /** The tests came to no end. */
  readonly timedOut: number;
  readonly survivors: readonly Mutant[];
}

/** One small change of the code. */
export interface Mutant {
  readonly file: string;
  /** The lines that it changes, as one. */
  readonly code: string;
  readonly instead: string;
}

/** The scores of a subject's files. Mutants that do not run at all, for a syntax error say, are left out. */
export function readScores(reportFile: string): readonly FileScore[] {
  const { files }: StrykerReport = JSON.parse(readFileSync(reportFile, 'utf8'));
  return Object.entries(files).map(([file, { source, mutants }]) => {
    const having = (...statuses: readonly string[]) => mutants.filter(({ status }) => statuses.includes(status));
    return {
      file,
      killed: having('Killed').length,
      timedOut: having('Timeout').length,
      survivors: having('Survived', 'NoCoverage').map((mutant) => ({ file, ...changeOf(source, mutant) })),
    };
  });
}

function changeOf(source: string, { location: { start, end }, replacement }: StrykerMutant): Omit<Mutant, 'file'> {
  const lines = source.split('\n').slice(start.line - 1, end.line);
  const before = lines[0]?.slice(0, start.column - 1);
  const after = lines.at(-1)?.slice(end.column - 1);
  return { code: inOneLine(lines.join('\n')), instead: inOneLine(`${before}${replacement}${after}`) };
}

function inOneLine(code: string): string {
  return code.trim().replaceAll(/\s+/g, ' ');
}
