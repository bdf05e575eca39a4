import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { expect, test } from 'vitest';

const COMMAND = path.join(import.meta.dirname, 'command.ts');
const FEW = ['--total', '0', '--handlers', '1', '--no-second-click', '--no-dead-letters', '--forgotten-keys', '0'];

function run(...options: readonly string[]): {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
} {
  const { status, stdout, stderr } = spawnSync(process.execPath, [COMMAND, ...options], { encoding: 'utf8' });
  return { code: status, out: stdout, err: stderr };
}

test('the command tells what was searched, how it ends, and that nothing is violated', () => {
  const { code, out, err } = run(...FEW);

  expect(code).toBe(0);
  expect(err).toBe('');
  expect(out).toContain('Every state of an order of 0.00 EUR over one unit of stock');
  expect(out).toMatch(/^cancelled \(requested\), never charged, released +\d+$/m);
  expect(out).toContain('Every promise is kept in every state, and from every state an end is reached.');
});

test('for programs it tells the same as JSON', () => {
  const { code, out } = run(...FEW, '--json');

  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ orders: 1, circumstances: { total: 0 }, isComplete: true });
});

test('a violation is told with the way there', () => {
  const { code, out } = run(...FEW.slice(4), '--handlers', '1', '--no-cancellation', '--no-fence');

  expect(code).toBe(1);
  expect(out).toContain('A promise is broken.');
  expect(out).toMatch(/^ {3}1 +inventory +StockReceived +commits DeliveryBooked$/m);
});

test('a search that gives up says so', () => {
  expect(run(...FEW, '--most-states', '100')).toMatchObject({
    code: 3,
    out: expect.stringContaining('There are more.'),
  });
});

test.each([
  [['--orders', '3'], "--orders is '3': give 1 or 2"],
  [['--handlers', 'two'], "--handlers is 'two': give a whole number"],
  [['--colour'], "Unknown option '--colour'"],
])('%j is refused', (options, message) => {
  const { code, err } = run(...options);

  expect(code).toBe(2);
  expect(err).toContain(message);
});
