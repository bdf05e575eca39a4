import { expect, test } from 'vitest';
import { KINDS } from '../campaign.ts';
import { ALWAYS, AT_REST } from '../invariants.ts';
import { MUTATIONS } from './mutations.ts';
import { readPage, rowsOf, withFindings } from './page.ts';

test('docs/fault-campaign.md lists the mutations, and what found each; if not, npm run test:mutations -- --write', () => {
  const rows = rowsOf(readPage());

  expect(rows.map(({ mutation, breaks }) => ({ name: mutation, breaks }))).toEqual(
    MUTATIONS.map(({ name, breaks }) => ({ name, breaks })),
  );
  for (const { found } of rows) expect(Object.keys(KINDS)).toContain(found.split(' ')[0]);
});

test('it names every kind of schedules, and every promise', () => {
  const page = readPage();

  for (const kind of Object.keys(KINDS)) expect(page).toContain(`| \`${kind}\` |`);
  for (const { promise } of [...ALWAYS, ...AT_REST]) expect(page).toContain(promise);
});

test('a mutation that was not tried now keeps what the page says of it', () => {
  const page = readPage();

  expect(withFindings(page, new Map())).toBe(page);
});
