import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UnreadableEvent } from '../../../functions/backbone/envelope.ts';
import { orderView } from '../../../functions/order-view/subscriptions.ts';
import { type Change, changesBetween } from '../../../operations/dead-letters/changes.ts';
import { edited, editOf, parsePatch, patched, revalidate } from '../../../operations/dead-letters/edit.ts';
import { splitEdits, withEdits } from '../../../operations/dead-letters/edit-history.ts';
import { readLetter } from '../../../operations/dead-letters/letter.ts';
import { redriven } from '../../../operations/dead-letters/redrive.ts';
import { OperatorError } from '../../../operations/failure.ts';
import { ManualClock } from '../../manual-clock.ts';
import { eventBridgeMessage } from '../backbone/eventbridge-message.ts';
import { deadMessage } from './dead-message.ts';

const clock = new ManualClock();
const replaceCode = parsePatch('[{"op":"replace","path":"/detail/data/trackingCode","value":"track-2"}]');

describe('a JSON patch', () => {
  it('changes the body', () => {
    const { body } = deadMessage('m1');
    expect(JSON.parse(patched(body, replaceCode)).detail.data.trackingCode).toBe('track-2');
  });

  it.each([
    ['is not JSON', '['],
    ['is no list', '{"op":"remove","path":"/a"}'],
    ['is empty', '[]'],
    ['has an operation that there is not', '[{"op":"fix","path":"/a"}]'],
    ['has no path', '[{"op":"remove"}]'],
  ])('is refused when it %s', (_, text) => {
    expect(() => parsePatch(text)).toThrow(OperatorError);
  });

  it('is refused as a whole when one of its operations does not apply, which is named', () => {
    const patch = parsePatch(
      '[{"op":"remove","path":"/detail/data/trackingCode"},{"op":"remove","path":"/detail/missing"}]',
    );
    expect(() => patched(deadMessage('m1').body, patch)).toThrow(/^Operation 2 of the patch does not apply/);
  });

  it('does not apply to what is not JSON', () => {
    expect(() => patched('not JSON', replaceCode)).toThrow(/not JSON/);
  });
});

describe('a mended letter', () => {
  const letter = readLetter(deadMessage('m1'));
  const after = patched(letter.body, replaceCode);

  it('must be one that its consumer can read', () => {
    expect(() => revalidate(orderView, after, clock)).not.toThrow();
    const broken = patched(letter.body, parsePatch('[{"op":"remove","path":"/detail/data/orderId"}]'));
    expect(() => revalidate(orderView, broken, clock)).toThrow(UnreadableEvent);
  });

  it('keeps what was changed, when and why, and why it is a dead letter', () => {
    const outgoing = edited(letter, after, 'a wrong code', Date.parse('2026-01-31T12:00:00.000Z'));
    expect(outgoing.attributes).toEqual(letter.attributes);
    expect(splitEdits(outgoing.body)).toEqual({
      body: after,
      edits: [
        {
          time: '2026-01-31T12:00:00.000Z',
          why: 'a wrong code',
          changes: [{ at: '/detail/data/trackingCode', from: 'track-1', to: 'track-2' }],
        },
      ],
    });
  });

  it('is still an event that its consumer can read, and keeps its edits when it is redriven', () => {
    const mended = readLetter({ ...deadMessage('m2'), body: edited(letter, after, 'a wrong code', clock.now()).body });
    expect(() => revalidate(orderView, mended.body, clock)).not.toThrow();
    expect(readLetter({ ...deadMessage('m3'), body: redriven(mended, false).body }).edits).toEqual(mended.edits);
  });

  it('can be mended again, and keeps both edits', () => {
    const once = { ...letter, body: edited(letter, after, 'first', clock.now()).body };
    const twice = edited(once, letter.body, 'second', clock.now());
    expect(splitEdits(twice.body).edits.map(({ why }) => why)).toEqual(['first', 'second']);
    expect(splitEdits(twice.body).body).toBe(letter.body);
  });

  it('is refused when no queue would take it', () => {
    const large = patched(
      letter.body,
      parsePatch(`[{"op":"add","path":"/detail/note","value":"${'x'.repeat(600_000)}"}]`),
    );
    expect(() => edited(letter, large, 'too much', clock.now())).toThrow(/a queue takes 1048576/);
  });

  it('keeps its place in a group of a FIFO queue, and is not taken for a duplicate of itself', () => {
    const grouped = readLetter(deadMessage('m1', { group: 'order#order-c1' }));
    const [first, second] = [edited(grouped, after, 'a', 1_000), edited(grouped, after, 'b', 2_000)];
    expect(first.group).toBe('order#order-c1');
    expect(first.deduplicationId).not.toBe(second.deduplicationId);
  });
});

it('a redriven letter is what its consumer got at first: nothing says that it had failed', () => {
  const letter = readLetter(deadMessage('m1'));
  expect(redriven(letter, false)).toEqual({ body: letter.body, attributes: {}, delaySeconds: 0 });
  expect(redriven({ ...letter, group: 'g' }, true)).toEqual({
    body: letter.body,
    attributes: {},
    group: 'g',
    deduplicationId: 'm1',
  });
});

it('what never came into a FIFO queue is redriven into the group of its stream', () => {
  const detail = { metadata: { id: 'e1', subject: 'order#order-c1' }, data: {} };
  const letter = readLetter(deadMessage('m1', { body: eventBridgeMessage(detail) }));
  expect(redriven(letter, true).group).toBe('order#order-c1');
  expect(redriven(readLetter(deadMessage('m1')), true).group).toBe('m1');
});

it('a body with a field of its own that is called edits is left as it is', () => {
  for (const body of ['{"edits":"mine"}', '{"edits":[{"mine":1}]}', 'not JSON', '[1]']) {
    expect(splitEdits(body)).toEqual({ body, edits: [] });
  }
  expect(withEdits('{"a":1}', [])).toBe('{"a":1}');
});

describe('the changes between two values', () => {
  it('are told place by place, the path as a JSON pointer', () => {
    const from = { a: 1, list: [1, 2], gone: true, 'a/b~c': 'x', same: { deep: null } };
    const to = { a: 2, list: [1, 3, 4], 'a/b~c': 'y', same: { deep: null }, fresh: {} };
    expect(changesBetween(from, to)).toEqual([
      { at: '/a', from: 1, to: 2 },
      { at: '/list/1', from: 2, to: 3 },
      { at: '/list/2', to: 4 },
      { at: '/gone', from: true },
      { at: '/a~1b~0c', from: 'x', to: 'y' },
      { at: '/fresh', to: {} },
    ]);
  });

  it('of what was not JSON are the whole text', () => {
    expect(editOf('broken', '{"a":1}')).toEqual([{ at: '', from: 'broken', to: { a: 1 } }]);
    expect(editOf('{"a":1}', '{ "a": 1 }')).toEqual([]);
  });

  it('lead from the one to the other', () => {
    const json = fc.jsonValue({ maxDepth: 3 });
    fc.assert(
      fc.property(json, json, (one, other) => {
        // As it comes out of a message: without undefined, and with one kind of zero.
        const [from, to] = [JSON.parse(JSON.stringify(one)), JSON.parse(JSON.stringify(other))];
        // From the end, so that a list loses its last entry first.
        expect(changesBetween(from, to).reduceRight(applied, from)).toEqual(to);
        expect(changesBetween(from, from)).toEqual([]);
      }),
    );
  });
});

/** A value with one change made to it. */
function applied(value: unknown, { at, ...change }: Change): unknown {
  if (at === '') return change.to;
  const [, name = '', ...rest] = at.split('/');
  const key = name.replaceAll('~1', '/').replaceAll('~0', '~');
  const deeper = { at: rest.map((part) => `/${part}`).join(''), ...change };
  const entries = Object.entries(value ?? {}).filter(([own]) => own !== key);
  const old = Object.entries(value ?? {}).find(([own]) => own === key)?.[1];
  const fresh = applied(old, deeper);
  if (Array.isArray(value)) {
    const items = [...value];
    items[Number(key)] = fresh;
    return fresh === undefined ? items.slice(0, Number(key)) : items;
  }
  return Object.fromEntries(fresh === undefined ? entries : [...entries, [key, fresh]]);
}
