import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Finding } from './hunt.ts';
import type { Mutation } from './mutation.ts';
import { MUTATIONS } from './mutations.ts';

const PAGE = path.resolve(import.meta.dirname, '../../../docs/fault-campaign.md');

const BEGIN =
  '| mutation | what it breaks | found by | after | in the story | what is seen |\n|---|---|---|---|---|---|\n';

/** A mutation as the page lists it. */
export interface Row {
  readonly mutation: string;
  readonly breaks: string;
  /** All other cells. */
  readonly found: string;
}

/** The rows of the page's table of mutations. */
export function rowsOf(page: string): readonly Row[] {
  const { table } = parts(page);
  return table.split('\n').map((line) => {
    const [, mutation = '', breaks = '', found = ''] = /^\| (.*?) \| (.*?) \| (.*) \|$/.exec(line) ?? [];
    return { mutation, breaks, found };
  });
}

/** The page with a row for each mutation. What was not tried now keeps what the page says of it. */
export function withFindings(page: string, findings: ReadonlyMap<Mutation, Finding>): string {
  const { before, after } = parts(page);
  const known = new Map(rowsOf(page).map(({ mutation, found }) => [mutation, found]));
  const rows = MUTATIONS.map((mutation) => {
    const finding = findings.get(mutation);
    const found = finding === undefined ? (known.get(mutation.name) ?? 'not tried | | |') : cellsOf(finding);
    return `| ${mutation.name} | ${mutation.breaks} | ${found} |`;
  });
  return [before, BEGIN, rows.join('\n'), after].join('');
}

/** Writes what was found into docs/fault-campaign.md. */
export function writePage(findings: ReadonlyMap<Mutation, Finding>): void {
  writeFileSync(PAGE, withFindings(readPage(), findings));
}

export function readPage(): string {
  return readFileSync(PAGE, 'utf8');
}

function parts(page: string): { readonly before: string; readonly table: string; readonly after: string } {
  const [before, rest] = page.split(BEGIN);
  if (before === undefined || rest === undefined) throw new Error(`${PAGE} has no table that begins with\n${BEGIN}`);
  const end = rest.indexOf('\n\n');
  return { before, table: rest.slice(0, end), after: rest.slice(end) };
}

function cellsOf(finding: Finding): string {
  if (finding.kind === 'survived') return `nothing | ${finding.schedules} | |`;
  const { schedules, failure } = finding;
  // The promise in brackets stands above the table.
  const seen = failure.violations[0]?.replace(/ \([^()]*\)$/, '').replaceAll('|', '\\|');
  return `${failure.kind} | ${schedules} | ${failure.scenario} | ${seen}`;
}
