import { readFileSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { execute, program } from '../../../operations/commands/program.ts';
import type { Session } from '../../../operations/commands/session.ts';
import { EXIT } from '../../../operations/failure.ts';
import { shop } from '../../../operations/shop.ts';
import { Terminal } from '../../../operations/terminal/terminal.ts';
import { ManualClock } from '../../manual-clock.ts';
import { numberedIds } from '../backbone/numbered-ids.ts';

function sessionOf() {
  const streams = { stdin: new PassThrough(), stdout: new PassThrough(), stderr: new PassThrough() };
  const session: Session = {
    terminal: new Terminal(streams),
    stdin: streams.stdin,
    environment: {},
    catalogue: shop,
    clock: new ManualClock(),
    ids: numberedIds(),
    signal: new AbortController().signal,
  };
  return {
    session,
    printed: () => String(streams.stdout.read() ?? ''),
    said: () => String(streams.stderr.read() ?? ''),
  };
}

/** Runs a command line that needs no AWS. */
async function run(...words: readonly string[]) {
  const { session, printed, said } = sessionOf();
  return { exit: await execute(session, words), printed: printed(), said: said() };
}

/** The commands that do something, by their paths. */
function commandsIn(
  command: Command,
  path: readonly string[] = [],
): readonly (readonly [path: string, command: Command])[] {
  if (command.commands.length === 0) return [[path.join(' '), command]];
  return command.commands.flatMap((own) => commandsIn(own, [...path, own.name()]));
}

async function helpOf(path: string): Promise<string> {
  return (await run(...path.split(' '), '--help')).printed;
}

/** The words of the examples in a text; quotes hold words together, and a backslash lines. */
function examplesIn(text: string): readonly (readonly string[])[] {
  const lines = text.replaceAll(/\\\n\s*/g, '').split('\n');
  return lines.flatMap((line) => {
    const [, command] = /^\s+\$ (?:[^|]*\| )?npx factbus (.*)$/.exec(line) ?? [];
    if (command === undefined) return [];
    const [words = ''] = command.split(/ [|>] | {3,}/);
    return [[...words.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '')];
  });
}

const { session } = sessionOf();
const commands = commandsIn(program(session, () => Promise.resolve())).map(([path]) => path);

describe('--help', () => {
  it('knows all commands', () => {
    expect(commands).toEqual([
      'events send',
      'events tail',
      'orders show',
      'trace',
      'dlq list',
      'dlq show',
      'dlq redrive',
      'dlq edit',
      'dlq purge',
      'relay repair',
      'replay',
      'view rebuild',
      'view rollback',
    ]);
  });

  it.each(commands)('of %s has a description, examples of itself, and says where it connects to', async (path) => {
    const help = await helpOf(path);
    expect(help).toMatch(new RegExp(`^Usage: factbus ${path} `));
    expect(help).toContain('--stage <name>');
    expect(examplesIn(help).filter((words) => words.join(' ').startsWith(path)).length).toBeGreaterThanOrEqual(2);
    expect(help).toContain('--json');
  });

  it.each(['', ...commands])('of %s has no example that would not be understood', async (path) => {
    const { printed } = await run(...path.split(' ').filter((word) => word !== ''), '--help');
    for (const words of examplesIn(printed)) {
      let understood = 0;
      const root = program(sessionOf().session, () => {
        understood += 1;
        return Promise.resolve();
      });
      await root.parseAsync([...words], { from: 'user' });
      expect([words, understood]).toEqual([words, 1]);
    }
  });

  it.each(['dlq redrive', 'dlq edit', 'dlq purge', 'relay repair', 'replay', 'view rebuild', 'view rollback'])(
    'of %s, which changes something, has --dry-run and --yes',
    async (path) => {
      const help = await helpOf(path);
      expect(help).toContain('--dry-run');
      expect(help).toContain('--yes');
    },
  );

  it('of a group lists its commands, and a group alone is no command', async () => {
    expect((await run('dlq', '--help')).exit).toBe(EXIT.ok);
    const { exit, printed } = await run('dlq');
    expect(exit).toBe(EXIT.wrongUse);
    expect(printed).toContain('redrive');
  });
});

describe('exit codes', () => {
  const documented = (text: string) => [...text.matchAll(/^\W*(\d+)\W+\S/gm)].map(([, code]) => Number(code));

  it('are all in the help', async () => {
    const [, table = ''] = (await run('--help')).printed.split('Exit codes:');
    expect(documented(table)).toEqual(Object.values(EXIT));
  });

  it('are all in the documentation', () => {
    const page = readFileSync(new URL('../../../docs/operating.md', import.meta.url), 'utf8');
    const [, section = ''] = page.split('## Exit codes');
    const [rows = ''] = section.split('\n## ');
    expect(documented(rows)).toEqual(Object.values(EXIT));
  });
});

describe('what cannot be meant', () => {
  it.each([
    ['a command that there is not', ['frobnicate'], /Unknown command 'frobnicate'/i],
    ['an option that there is not', ['dlq', 'list', '--frob'], /Unknown option '--frob'/i],
    ['a missing argument', ['dlq', 'redrive'], /Missing required argument 'queue'/i],
    ['a rate of nothing', ['dlq', 'redrive', 'orders', '--rate', '0'], /more than 0/],
    ['a time that is none', ['dlq', 'show', 'orders', '--since', 'soon'], /"soon" is no time/],
    ['a condition that is none', ['dlq', 'show', 'orders', '--where', '=1'], /"=1" is no condition/],
    ['an unknown fact', ['events', 'send', 'OrderPlced', '--data', '{}'], /There is no fact "OrderPlced"/],
    ['data that is no JSON', ['events', 'send', 'StockReceived', '--data', '{'], /--data is not JSON/],
    ['no data', ['events', 'send', 'StockReceived'], /StockReceived needs data/],
    ['a file that is not there', ['events', 'send', 'StockReceived', '--file', '/nowhere'], /\/nowhere cannot be read/],
    [
      'a patch that is none',
      ['dlq', 'edit', 'orders', 'm1', '--patch', '{}', '--why', 'x'],
      /not a list of JSON patch operations/,
    ],
    [
      'an edit without a reason',
      ['dlq', 'edit', 'orders', 'm1', '--patch', '[{"op":"remove","path":"/a"}]'],
      /Say why with --why/,
    ],
    ['a repair of an unknown table', ['relay', 'repair', 'oders', '--since', '1h'], /"oders" has no table/],
    ['a repair of nothing', ['relay', 'repair', 'orders'], /Which commits\?/],
    ['a replay into an unknown consumer', ['replay', 'oders'], /There is no consumer "oders"/],
    [
      'a replay of a foreign fact',
      ['replay', 'orders', '--type', 'OrderPlaced'],
      /orders does not subscribe to OrderPlaced/,
    ],
    ['a replay of the whole archive', ['replay', 'orders', '--from', 'archive'], /needs --since/],
    ['two places at once', ['dlq', 'list', '--local', '--profile', 'p'], /--local says where/],
  ])('is told, with exit code 2 and nothing on standard output: %s', async (_, words, message) => {
    const { exit, printed, said } = await run(...words);
    expect(said).toMatch(message);
    expect([exit, printed]).toEqual([EXIT.wrongUse, '']);
  });
});

describe('events send', () => {
  it('shows an example of every fact, which it would take', async () => {
    for (const { type } of shop.facts) {
      const { printed } = await run('events', 'send', type, '--example');
      const checked = await run('events', 'send', type, '--data', printed, '--dry-run');
      expect([type, checked.exit]).toEqual([type, EXIT.ok]);
    }
  });

  it('shows the event that it would send, with data from flags over data from JSON', async () => {
    const { printed } = await run(
      'events',
      'send',
      'StockReceived',
      '--data',
      '{"sku":"mug","quantity":1,"deliveryId":"d1"}',
      '--set',
      'quantity:=5',
      '--dry-run',
    );
    expect(JSON.parse(printed)).toEqual({
      source: 'shop.warehouse',
      'detail-type': 'StockReceived',
      detail: {
        metadata: { id: expect.any(String), time: '2026-01-31T12:00:00.000Z', schemaVersion: 1 },
        data: { sku: 'mug', quantity: 5, deliveryId: 'd1' },
      },
    });
  });
});
