import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { rightSchema } from './right-schema.ts';

const command = resolve(import.meta.dirname, '../../../schemas/generate.ts');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'schemas-'));
  given('orders/ParcelWeighed/1.json', rightSchema());
});
afterEach(() => rmSync(folder, { recursive: true }));

function given(file: string, schema: object): void {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), JSON.stringify(schema));
}

function generate(...options: string[]): { code: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...options], {
    cwd: folder,
    encoding: 'utf8',
  });
  return { code: status, out: stdout, err: stderr };
}

const generated = (file = ''): string => join(folder, 'generated', file);
const generatedFiles = (): string[] =>
  readdirSync(generated(), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.[jt]s$/.test(file))
    .sort();

const firstVersion = ['facts.ts', 'validators/ParcelWeighed.1.d.ts', 'validators/ParcelWeighed.1.js'];

test('generates, and says so in one line', () => {
  expect(generate('.')).toEqual({ code: 0, out: expect.stringMatching(/^generated 1 fact in \d+\.\d s\n$/), err: '' });
  expect(generatedFiles()).toEqual(firstVersion);
});

test('exports the latest version, and keeps the validators of the others', async () => {
  given('orders/ParcelWeighed/2.json', { ...rightSchema({ version: 2 }), required: ['parcelId', 'grams'] });
  generate('.');
  const { ParcelWeighed } = await import(/* @vite-ignore */ generated('facts.ts'));
  const { accepts } = await import(/* @vite-ignore */ generated('validators/ParcelWeighed.1.js'));
  expect(ParcelWeighed.schemaVersion).toBe(2);
  expect([ParcelWeighed.accepts({ parcelId: 'p1' }), accepts({ parcelId: 'p1' })]).toEqual([false, true]);
});

test('touches only what changes, and removes what no schema accounts for', () => {
  given('orders/ParcelLost/1.json', lost);
  generate('.');
  const before = statSync(generated('validators/ParcelWeighed.1.js')).mtimeMs;
  rmSync(join(folder, 'orders/ParcelLost'), { recursive: true });
  generate('.');
  expect(generatedFiles()).toEqual(firstVersion);
  expect(statSync(generated('validators/ParcelWeighed.1.js')).mtimeMs).toBe(before);
});

test('may run several times at once', async () => {
  const runs = Array.from({ length: 4 }, () => spawn(process.execPath, [command, folder]));
  expect(await Promise.all(runs.map((run) => once(run, 'exit')))).toEqual(runs.map(() => [0, null]));
  expect(readdirSync(generated()).sort()).toEqual(['facts.ts', 'validators']);
  expect(generate('--check', '.').code).toBe(0);
});

test('refuses wrong schemas, and leaves what was generated before', () => {
  generate('.');
  given('orders/ParcelWeighed/1.json', { ...rightSchema(), title: 'Other' });
  const expected = `1 fault in the schemas:
  orders/ParcelWeighed/1.json#/title: must be "ParcelWeighed", as the folder is named
`;
  expect(generate('.')).toEqual({ code: 2, out: '', err: expected });
  expect(generatedFiles()).toEqual(firstVersion);
});

describe('--check', () => {
  test('is content with what was just generated', () => {
    generate('.');
    expect(generate('--check', '.')).toEqual({ code: 0, out: '1 fact is as its schema says\n', err: '' });
  });

  test('names what is missing, and writes nothing', () => {
    const { code, err } = generate('--check', '.');
    expect(code).toBe(1);
    for (const file of firstVersion) expect(err).toContain(`generated/${file} is missing or out of date\n`);
    expect(readdirSync(folder)).toEqual(['orders']);
  });

  test('names what was edited, and what no schema accounts for', () => {
    generate('.');
    appendFileSync(generated('facts.ts'), '// edited');
    writeFileSync(generated('validators/Other.1.js'), '');
    expect(generate('--check', '.')).toEqual({
      code: 1,
      out: '',
      err: `generated/facts.ts is missing or out of date
generated/validators/Other.1.js belongs to no schema
Run \`npm run generate\`.
`,
    });
  });
});

describe('the command line', () => {
  test('shows its help', () => {
    expect(generate('--help')).toEqual({ code: 0, out: expect.stringMatching(/^Usage: .*^Exit codes: /ms), err: '' });
  });

  test.each([[['--chekc']], [['one', 'two']], [['nowhere']]])('refuses %j', (options) => {
    expect(generate(...options)).toEqual({ code: 64, out: '', err: expect.stringMatching(/^Usage: /m) });
  });
});

/** It comes before ParcelWeighed in everything, and has a pattern of its own: neither may show in the other's code. */
const lost = {
  ...rightSchema(),
  required: ['at'],
  properties: { at: { description: 'Where.', type: 'string', pattern: '^[A-Z]+$', examples: ['HUB'] } },
  examples: [{ at: 'HUB' }],
  $id: 'urn:factbus:shop.orders:ParcelLost:1',
  title: 'ParcelLost',
  description: 'A parcel is lost.',
};
