import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { waitFor } from '../../../localstack/shop/wait.ts';
import { type BareStage, bareStage, drain, fill } from './bare-stage.ts';
import { factbus, jsonOf, start } from './command-line.ts';
import { carts, eventsIn, idsOf } from './dead-carts.ts';

let bare: BareStage;
const source = () => bare.queueUrl('orders');
const deadLetters = () => bare.queueUrl('orders-dlq');

beforeAll(async () => {
  bare = await bareStage(['orders', 'orders-dlq', 'payments']);
});
afterAll(async () => await bare.remove());
beforeEach(async () => {
  await drain(source());
  await drain(deadLetters());
});

const run = (...words: readonly string[]) => factbus(words, bare);

describe('dlq redrive', () => {
  test('sends what fits to its consumer, and leaves the rest', async () => {
    await fill(deadLetters(), carts(9));
    const selection = ['dlq', 'redrive', 'orders', '--reason', 'transient_failure', '--where', 'lines.*.unitPrice>3'];

    const dry = await run(...selection, '--dry-run');
    expect(dry).toMatchObject({ code: 0 });
    expect(dry.stdout).toContain('4 letters of 9');
    expect(await run(...selection)).toMatchObject({ code: 5, stdout: '' });
    const redriven = await run(...selection, '--rate', 'unlimited', '--yes');

    expect(redriven).toMatchObject({ code: 0 });
    expect(redriven.stdout).toMatch(/^✔ 4 letters went from factbus-.*-orders-dlq to factbus-.*-orders in /);
    const sent = await drain(source());
    expect(sent.map(({ Body = '' }) => JSON.parse(Body).detail.data.cartId).sort()).toEqual(['c4', 'c5', 'c7', 'c8']);
    // As it came first: its consumer counts its attempts anew.
    expect(sent.map(({ MessageAttributes = {} }) => MessageAttributes)).toEqual([{}, {}, {}, {}]);
    expect(await eventsIn(deadLetters())).toEqual(['cart-0', 'cart-1', 'cart-2', 'cart-3', 'cart-6']);
    expect(await eventsIn(bare.queueUrl('payments'))).toEqual([]);
  });

  test('keeps its rate within 10 %', async () => {
    await fill(deadLetters(), carts(100));
    const { code, stdout } = await run('dlq', 'redrive', 'orders', '--rate', '10', '--yes', '--json');
    expect([code, JSON.parse(stdout).moved]).toEqual([0, 100]);
    const times = (await drain(source()))
      .map(({ Attributes = {} }) => Number(Attributes.SentTimestamp))
      .sort((one, other) => one - other);
    const seconds = ((times.at(-1) ?? 0) - (times[0] ?? 0)) / 1000;
    console.log(`redriven at ${(99 / seconds).toFixed(2)}/s of 10/s`);
    expect(99 / seconds).toBeGreaterThan(9);
    expect(99 / seconds).toBeLessThan(11);
  });

  test('killed and run again, has sent each letter once', async () => {
    const count = 60;
    await fill(deadLetters(), carts(count));
    const killed = start(['dlq', 'redrive', 'orders', '--rate', '30', '--yes'], bare);
    // Not before it sends, and not after it has sent everything.
    const sent: string[] = [];
    await waitFor('the first letters to be sent', async () => {
      sent.push(...(await eventsIn(source())));
      return sent.length >= 10 ? true : undefined;
    });
    killed.kill('SIGKILL');
    expect((await killed.ended).code).toBeNull();

    const resumed = jsonOf(await run('dlq', 'redrive', 'orders', '--rate', 'unlimited', '--yes', '--json'));

    sent.push(...(await eventsIn(source())));
    const left = await eventsIn(deadLetters());
    // What was under way at the kill may be in both: it is told of, and was not sent a second time.
    expect(left).toHaveLength(resumed.uncertain.length);
    expect(new Set(sent).size).toBe(sent.length);
    expect([...new Set([...sent, ...left])].sort()).toEqual(idsOf(count));
    expect(resumed.moved).toBeGreaterThan(0);
  });

  test('stopped by Ctrl-C ends in order at once, and goes on', async () => {
    await fill(deadLetters(), carts(40));
    const stopped = start(['dlq', 'redrive', 'orders', '--rate', '10', '--yes', '--json'], bare);
    await waitFor('it to begin', async () => (stopped.said().includes('are meant') ? true : undefined));
    stopped.kill('SIGINT');
    const first = await stopped.ended;
    expect(first.code).toBe(130);
    expect(first.stderr).toContain('The same command goes on with the rest.');
    const { moved, left } = jsonOf(first);
    expect(moved + left).toBe(40);

    const second = jsonOf(await run('dlq', 'redrive', 'orders', '--rate', 'unlimited', '--yes', '--json'));
    expect(second.moved).toBe(left);
    expect(await eventsIn(source())).toEqual(idsOf(40));
  });
});
