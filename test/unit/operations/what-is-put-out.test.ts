import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { EXIT } from '../../../operations/failure.ts';
import { formatMoney } from '../../../operations/terminal/money.ts';
import { describeProgress } from '../../../operations/terminal/progress.ts';
import { counted, fields, shorten, table } from '../../../operations/terminal/table.ts';
import { Terminal } from '../../../operations/terminal/terminal.ts';

function terminalOn({ isTTY = false } = {}) {
  const streams = {
    stdin: Object.assign(new PassThrough(), { isTTY }),
    stdout: Object.assign(new PassThrough(), { isTTY }),
    stderr: Object.assign(new PassThrough(), { isTTY }),
  };
  const said = () => String(streams.stderr.read() ?? '');
  const printed = () => String(streams.stdout.read() ?? '');
  return { terminal: new Terminal(streams), streams, said, printed };
}

describe('a table', () => {
  it('has its cells under one another, and no line ends in blanks', () => {
    const columns = [{ title: 'queue' }, { title: 'letters', align: 'right' }, { title: 'why' }] as const;
    expect(
      table(columns, [
        ['orders', '1,200', 'invalid 9'],
        ['inventory', '3', ''],
      ]),
    ).toEqual(['queue      letters  why', 'orders       1,200  invalid 9', 'inventory        3']);
  });

  it('is aligned by what is seen, not by its colours', () => {
    const red = { text: 'a', paint: (text: string) => `\x1b[31m${text}\x1b[39m` };
    expect(
      table(
        [{ title: 'x' }, { title: 'y' }],
        [
          [red, '1'],
          ['bbb', '2'],
        ],
      ),
    ).toEqual(['x    y', '\x1b[31ma\x1b[39m    1', 'bbb  2']);
  });
});

it('fields have their values under one another, also those of several lines', () => {
  expect(
    fields([
      ['id', 'm1'],
      ['missing', undefined],
      ['stack', 'at a\nat b'],
    ]),
  ).toEqual(['id     m1', 'stack  at a', '       at b']);
});

it('what is too long ends in an ellipsis', () => {
  expect([shorten('abcdef', 4), shorten('abc', 4), shorten('a\n  b', 9)]).toEqual(['abc…', 'abc', 'a b']);
});

it('numbers of things agree with their names', () => {
  expect([counted(1, 'letter'), counted(0, 'letter'), counted(12_345, 'reply', 'replies')]).toEqual([
    '1 letter',
    '0 letters',
    '12,345 replies',
  ]);
});

it('money has as many digits as its currency', () => {
  expect([formatMoney(2_500, 'EUR'), formatMoney(2_500, 'JPY'), formatMoney(5, 'USD')]).toEqual([
    '25.00 EUR',
    '2500 JPY',
    '0.05 USD',
  ]);
});

it('progress tells how much, how fast, and how long it will take', () => {
  expect(describeProgress({ title: 'redriving', done: 120, total: 500, elapsedMs: 12_000 })).toBe(
    '  redriving  120 of 500   24 %   10/s   38 s left',
  );
  expect(describeProgress({ title: 'reading', done: 0, elapsedMs: 1_500 })).toBe('  reading  0');
  expect(describeProgress({ title: 'redriving', done: 5, total: 5, elapsedMs: 10_000 })).toBe(
    '  redriving  5 of 5   100 %   0.5/s',
  );
});

describe('agreement', () => {
  it('is not asked for where it was given', async () => {
    const { terminal, said } = terminalOn({ isTTY: true });
    await terminal.agree('Remove all?', true);
    expect(said()).toBe('');
  });

  it('is missing where nobody can be asked', async () => {
    const { terminal } = terminalOn();
    await expect(terminal.agree('Remove all?', false)).rejects.toThrow(
      expect.objectContaining({ exit: EXIT.declined }),
    );
  });

  it.each([
    ['y', true],
    ['YES', true],
    ['', false],
    ['n', false],
    ['yellow', false],
  ])('"%s" is agreement: %s', async (answer, agrees) => {
    const { terminal, streams, said } = terminalOn({ isTTY: true });
    const asked = terminal.agree('Remove all?', false);
    streams.stdin.write(`${answer}\n`);
    if (agrees) await asked;
    else await expect(asked).rejects.toThrow(expect.objectContaining({ exit: EXIT.declined }));
    expect(said()).toContain('Remove all? [y/N]');
  });
});

it('a question that is answered by Ctrl-C is not waited for', async () => {
  const { terminal, streams } = terminalOn({ isTTY: true });
  const asked = terminal.ask('Why? ');
  streams.stdin.write('\x03');
  await expect(asked).rejects.toThrow(expect.objectContaining({ exit: EXIT.interrupted }));
});

it('a question is not waited for when the input ends', async () => {
  const { terminal, streams } = terminalOn({ isTTY: true });
  const asked = terminal.ask('Why? ');
  streams.stdin.end();
  await expect(asked).rejects.toThrow(expect.objectContaining({ exit: EXIT.interrupted }));
});

it('a question ends with the signal to end', async () => {
  const { terminal } = terminalOn({ isTTY: true });
  const interruption = new AbortController();
  const asked = terminal.ask('Why? ', interruption.signal);
  interruption.abort();
  await expect(asked).rejects.toThrow(expect.objectContaining({ exit: EXIT.interrupted }));
});

it('what is asked for goes to standard output, and what is said about it to standard error', () => {
  const { terminal, said, printed } = terminalOn();
  terminal.printJson({ a: 1 });
  terminal.say('one letter');
  expect([printed(), said()]).toEqual(['{\n  "a": 1\n}\n', 'one letter\n']);
});

it('nothing is coloured where no terminal is', () => {
  const { terminal } = terminalOn();
  expect(terminal.paint('red', 'text')).toBe('text');
});
