import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const ROOT = path.join(import.meta.dirname, '../..');
const PAGE = 'docs/your-own-context.md';
const STACK = 'lib/factbus-stack.ts';
const COPIED = [
  'bin',
  'lib',
  'functions',
  'schemas',
  'test',
  'package.json',
  'tsconfig.json',
  'cdk.json',
  'biome.json',
];

let copy: string;

const run = (command: string, ...args: readonly string[]) =>
  execFileSync(path.join(ROOT, 'node_modules/.bin', command), args, { cwd: copy, encoding: 'utf8', stdio: 'pipe' });

/** The page's code blocks, each under the file that it says it is. */
function blocks(): ReadonlyMap<string, string> {
  const page = readFileSync(path.join(ROOT, PAGE), 'utf8');
  const found = page.matchAll(/^```\w+ (?<file>\S+)\n(?<code>[\s\S]*?)^```$/gm);
  return new Map([...found].map(({ groups }) => [groups?.file ?? '', groups?.code ?? '']));
}

beforeAll(() => {
  copy = mkdtempSync(path.join(tmpdir(), 'factbus-own-context-'));
  for (const name of COPIED) cpSync(path.join(ROOT, name), path.join(copy, name), { recursive: true });
  symlinkSync(path.join(ROOT, 'node_modules'), path.join(copy, 'node_modules'));
  for (const [file, code] of blocks()) {
    if (file === STACK) continue;
    mkdirSync(path.dirname(path.join(copy, file)), { recursive: true });
    writeFileSync(path.join(copy, file), code);
  }
  const line = blocks().get(STACK) ?? '';
  const stack = readFileSync(path.join(copy, STACK), 'utf8')
    .replace('import { Inventory }', "import { Loyalty } from './shop/loyalty.ts';\nimport { Inventory }")
    .replace(/^ {4}const inventory = /m, (next) => `${line}${next}`);
  writeFileSync(path.join(copy, STACK), stack);
  run('node', 'schemas/generate.ts');
});

afterAll(() => rmSync(copy, { recursive: true, force: true }));

test(`the context of ${PAGE} compiles`, () => {
  const files = [...blocks().keys()].filter((file) => file.endsWith('.ts'));
  const project = { extends: './tsconfig.json', include: files };
  writeFileSync(path.join(copy, 'tsconfig.own.json'), JSON.stringify(project));
  expect(run('tsc', '--project', 'tsconfig.own.json')).toBe('');
});

test(`the stack with the context of ${PAGE} synthesises, bundles included`, () => {
  run('cdk', 'synth', '--quiet', '--output', 'cdk.out');
  const template = readFileSync(path.join(copy, 'cdk.out/factbus.template.json'), 'utf8');
  expect(template).toContain('factbus-loyalty-relay');
  expect(template).toContain('"OrderShipped"');
});

test(`the tests of ${PAGE} pass`, () => {
  const [file = ''] = [...blocks().keys()].filter((file) => file.endsWith('.test.ts'));
  expect(run('vitest', 'run', '--root', '.', file)).toContain('2 passed');
});
