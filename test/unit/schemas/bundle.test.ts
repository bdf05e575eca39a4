import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { buildSync } from 'esbuild';
import { describe, expect, test } from 'vitest';
import * as facts from '../../../schemas/generated/facts.ts';

const generated = resolve(import.meta.dirname, '../../../schemas/generated');

/** Facts that look like another, and share its validator. */
const TWINS = new Map([
  ['InventoryReserved', 'InventoryReleased'],
  ['PaymentRefunded', 'PaymentCaptured'],
]);

describe.each(Object.keys(facts))('a function that imports %s', (fact) => {
  const { modules, text } = bundle(`export { ${fact} } from './facts.ts';`);

  test('carries its validator and no other', () => {
    expect(modules).toEqual([`validators/${TWINS.get(fact) ?? fact}.1.js`, 'facts.ts']);
  });

  test('carries nothing of the compiler, nor of the schema as it was written', () => {
    expect(text).not.toMatch(/require\(|\beval\(|Function\(|ajv|examples|\$schema/);
  });

  test('grows by little', () => {
    // The largest, OrderPlaced, has 11 fields and takes 3.2 KB.
    expect(text.length).toBeLessThan(3500);
  });
});

test('a function that imports a type carries nothing', () => {
  const { text } = bundle(
    `import type { OrderPlaced } from './facts.ts'; export const id = (o: OrderPlaced) => o.orderId;`,
  );
  expect(text.length).toBeLessThan(100);
});

test('validators need no module besides themselves', () => {
  for (const fact of Object.keys(facts)) {
    expect(readFileSync(resolve(generated, `validators/${fact}.1.js`), 'utf8')).not.toMatch(/\bimport\b|\brequire\b/);
  }
});

function bundle(contents: string): { modules: string[]; text: string } {
  const { outputFiles, metafile } = buildSync({
    stdin: { contents, resolveDir: generated, loader: 'ts' },
    absWorkingDir: generated,
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    write: false,
    metafile: true,
  });
  const inputs = Object.values(metafile.outputs).flatMap((output) => Object.entries(output.inputs));
  const modules = inputs
    .filter(([path, { bytesInOutput }]) => path !== '<stdin>' && bytesInOutput > 0)
    .map(([path]) => path);
  return { modules, text: outputFiles.map(({ text }) => text).join('') };
}
