import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const ROOT = path.join(import.meta.dirname, '../../..');
const COPIED = ['functions', 'lib/backbone', 'schemas', 'test', 'package.json', 'tsconfig.json'];
const EXAMPLE = 'test/unit/loyalty/an-order-is-thanked-for-whatever-fails.test.ts';
const SLOW_MS = 60_000;

let copy: string;

const run = (command: string, ...args: readonly string[]) =>
  execFileSync(path.join(ROOT, 'node_modules/.bin', command), args, { cwd: copy, encoding: 'utf8', stdio: 'pipe' });

/** A page's code blocks, each under the file that it says it is. */
function blocks(page: string): ReadonlyMap<string, string> {
  const found = readFileSync(path.join(ROOT, page), 'utf8').matchAll(/^```\w+ (?<file>\S+)\n(?<code>[\s\S]*?)^```$/gm);
  return new Map([...found].map(({ groups }) => [groups?.file ?? '', groups?.code ?? '']));
}

beforeAll(() => {
  copy = mkdtempSync(path.join(tmpdir(), 'factbus-simulation-'));
  for (const name of COPIED) cpSync(path.join(ROOT, name), path.join(copy, name), { recursive: true });
  symlinkSync(path.join(ROOT, 'node_modules'), path.join(copy, 'node_modules'));
  const context = [...blocks('docs/your-own-context.md')].filter(([file]) => /^(schemas|functions)\//.test(file));
  for (const [file, code] of [...context, ...blocks('docs/simulation.md')]) {
    mkdirSync(path.dirname(path.join(copy, file)), { recursive: true });
    writeFileSync(path.join(copy, file), code);
  }
  run('node', 'schemas/generate.ts');
}, SLOW_MS);

afterAll(() => rmSync(copy, { recursive: true, force: true }));

test('the example has less than 40 lines', () => {
  const code = blocks('docs/simulation.md').get(EXAMPLE) ?? '';

  expect(code.split('\n').length).toBeGreaterThan(10);
  expect(code.trimEnd().split('\n').length).toBeLessThan(40);
});

test('the example compiles', { timeout: SLOW_MS }, () => {
  writeFileSync(
    path.join(copy, 'tsconfig.own.json'),
    JSON.stringify({ extends: './tsconfig.json', include: [EXAMPLE] }),
  );

  expect(run('tsc', '--project', 'tsconfig.own.json')).toBe('');
});

test('the example passes', { timeout: SLOW_MS }, () => {
  expect(run('vitest', 'run', '--root', '.', EXAMPLE)).toContain('1 passed');
});

test('the timeline is the one that the page shows', { timeout: SLOW_MS }, () => {
  const page = readFileSync(path.join(ROOT, 'docs/simulation.md'), 'utf8');
  const shown = /^```\n(?<timeline>\s*time[\s\S]*?)\n```$/m.exec(page)?.groups?.timeline;
  const example = readFileSync(path.join(copy, EXAMPLE), 'utf8');
  // As a program that prints it, in place of the test.
  const program = example.slice(0, example.indexOf("test('")).replace(/^import .* from 'vitest';$/m, '');
  const file = path.join(path.dirname(EXAMPLE), 'timeline.ts');
  writeFileSync(path.join(copy, file), `${program}\nconsole.log((await ship({ 3: 'dies-after' })).timeline());\n`);

  expect(run('node', file).trimEnd()).toBe(shown);
});

test('the example finds a context that thanks whenever it is told', { timeout: SLOW_MS }, () => {
  const decider = path.join(copy, 'functions/loyalty/decider.ts');
  const right = readFileSync(decider, 'utf8');
  writeFileSync(decider, right.replace(/^.*'given'\) return commit.*$/m, ''));

  expect(() => run('vitest', 'run', '--root', '.', EXAMPLE)).toThrow(/toHaveLength|length/);

  writeFileSync(decider, right);
});
