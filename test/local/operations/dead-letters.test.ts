import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../../functions/backbone/clock.ts';
import { readEvent } from '../../../functions/backbone/envelope.ts';
import { orders } from '../../../functions/orders/subscriptions.ts';
import { splitEdits } from '../../../operations/dead-letters/edit-history.ts';
import { type BareStage, bareStage, drain, fill } from './bare-stage.ts';
import { factbus, jsonOf } from './command-line.ts';
import { carts, deadCart, eventsIn } from './dead-carts.ts';

let bare: BareStage;
const source = () => bare.queueUrl('orders');
const deadLetters = () => bare.queueUrl('orders-dlq');

beforeAll(async () => {
  bare = await bareStage(['orders', 'orders-dlq', 'payments', 'payments-dlq', 'orders-relay-dlq']);
});
afterAll(async () => await bare.remove());
beforeEach(async () => {
  await drain(source());
  await drain(deadLetters());
});

const run = (...words: readonly string[]) => factbus(words, bare);

test('dlq list tells of every queue how many letters, how old and why; dlq show tells each', async () => {
  await fill(deadLetters(), carts(6));
  const listed = await run('dlq', 'list');
  expect(listed.stderr).toContain(`bus ${bare.busName} · stage ${bare.stage} · account 000000000000 · us-east-1`);
  expect(listed.stdout).toMatch(
    /^queue +letters +held +oldest +why\norders +6 +\S+ (ms|s) +transient_failure 4, expiring 2\n/,
  );
  expect(listed.stdout).toMatch(/\n\n6 dead letters in 1 queue; 2 are empty\.\n$/);

  const rows = jsonOf(await run('dlq', 'list', '--json'));
  expect(rows.map((row: { name: string; letters: number }) => [row.name, row.letters])).toEqual([
    ['orders', 6],
    ['payments', 0],
    ['orders-relay', 0],
  ]);
  expect(rows[0]).toMatchObject({
    kind: 'consumer',
    reasons: [
      { name: 'transient_failure', count: 4 },
      { name: 'expiring', count: 2 },
    ],
  });
  expect(rows[0].oldest).toMatch(/^\d{4}-.*Z$/);

  const shown = await run('dlq', 'show', 'orders', '--reason', 'expiring');
  expect(shown.stdout).toMatch(/^message +fact +reason +tried +failed +error\n/);
  expect(shown.stdout.match(/CartCheckedOut {2}expiring {5}20 .* ago {2}the table was throttled/g)).toHaveLength(2);
  expect(shown.stdout).toContain('2 letters of 6 in');

  const [letter] = jsonOf(await run('dlq', 'show', 'orders', 'cart-4', '--json'));
  expect(letter).toMatchObject({
    eventId: 'cart-4',
    type: 'CartCheckedOut',
    reason: 'transient_failure',
    attempts: 20,
    body: { detail: { data: { cartId: 'c4' } } },
  });
  expect(await run('dlq', 'show', 'orders', 'cart-99')).toMatchObject({ code: 3, stdout: '' });
});

describe('dlq edit', () => {
  test('mends a letter by a JSON patch, so that it can be redriven; what was changed, when and why goes along', async () => {
    await fill(deadLetters(), [deadCart(1, { currency: '', reason: 'invalid' }), deadCart(2)]);
    const edit = (currency: string, ...more: readonly string[]) =>
      run(
        'dlq',
        'edit',
        'orders',
        'cart-1',
        '--patch',
        `[{"op":"add","path":"/detail/data/currency","value":"${currency}"}]`,
        '--why',
        'the storefront sent none',
        ...more,
      );

    const invalid = await edit('euros', '--yes');
    expect(invalid).toMatchObject({ code: 2, stdout: '' });
    expect(invalid.stderr).toContain('data/currency must match pattern');
    expect(await edit('EUR')).toMatchObject({ code: 5 });
    expect(await edit('EUR', '--yes')).toMatchObject({ code: 0 });
    const [shown] = jsonOf(await run('dlq', 'show', 'orders', 'cart-1', '--json'));
    const edits = [
      {
        time: expect.stringMatching(/Z$/),
        why: 'the storefront sent none',
        changes: [{ at: '/detail/data/currency', to: 'EUR' }],
      },
    ];
    expect(shown).toMatchObject({ reason: 'invalid', edits, body: { detail: { data: { currency: 'EUR' } } } });

    expect(await run('dlq', 'redrive', 'orders', '--id', 'cart-1', '--yes')).toMatchObject({ code: 0 });
    const [sent] = await drain(source());
    expect(readEvent(orders, sent?.Body ?? '', systemClock)).toMatchObject({
      type: 'CartCheckedOut',
      metadata: { id: 'cart-1' },
      data: { currency: 'EUR' },
    });
    expect(splitEdits(sent?.Body ?? '').edits).toEqual(edits);
    expect(await eventsIn(deadLetters())).toEqual(['cart-2']);
  });

  test('mends a letter in an editor', async () => {
    await fill(deadLetters(), [deadCart(1, { currency: '', reason: 'invalid' })]);
    const editor = path.join(bare.environment.FACTBUS_STATE ?? '', 'editor.sh');
    writeFileSync(editor, `#!/bin/sh\nsed -i 's/"cartId"/"currency": "EUR", "cartId"/' "$1"\n`, { mode: 0o700 });
    const environment = { ...bare.environment, VISUAL: '', EDITOR: editor };
    const edited = await factbus(['dlq', 'edit', 'orders', 'cart-1', '--why', 'by hand', '--yes'], {
      ...bare,
      environment,
    });
    expect(edited).toMatchObject({ code: 0 });
    expect(edited.stdout).toContain('/detail/data/currency: nothing → "EUR"');
    const [letter] = await drain(deadLetters());
    expect(JSON.parse(letter?.Body ?? '').detail.data.currency).toBe('EUR');
  });
});

test('dlq purge has every letter in a file before it is off the queue', async () => {
  await fill(deadLetters(), carts(6));
  const file = path.join(bare.environment.FACTBUS_STATE ?? '', 'purged.jsonl');
  const purge = ['dlq', 'purge', 'orders', '--reason', 'expiring', '--to', file];

  expect(await run(...purge)).toMatchObject({ code: 5 });
  expect(await run(...purge, '--yes')).toMatchObject({ code: 0 });

  const purged = readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(purged.map(({ eventId, reason }) => [eventId, reason]).sort()).toEqual([
    ['cart-0', 'expiring'],
    ['cart-3', 'expiring'],
  ]);
  // A file that is there is never written over.
  expect(await run('dlq', 'purge', 'orders', '--to', file, '--yes')).toMatchObject({ code: 2 });
  expect(await eventsIn(deadLetters())).toEqual(['cart-1', 'cart-2', 'cart-4', 'cart-5']);
});
