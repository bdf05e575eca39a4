import { describe, expect, it } from 'vitest';
import { Holdings } from '../../../operations/dead-letters/holdings.ts';
import { noJournal } from '../../../operations/dead-letters/journal.ts';
import { survey } from '../../../operations/dead-letters/survey.ts';
import { ManualClock } from '../../manual-clock.ts';
import { deadMessage } from './dead-message.ts';
import { InMemoryLetterQueue } from './in-memory-letter-queue.ts';

function queueOf(count: number) {
  const clock = new ManualClock();
  const messages = Array.from({ length: count }, (_, n) => deadMessage(`m${n}`, { sentMs: clock.now() - n }));
  return { clock, queue: new InMemoryLetterQueue(clock, messages) };
}

/** Lets what was begun without being waited for come to its end. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('a survey', () => {
  it('reads everything, holds what is meant, oldest first, and gives the rest back', async () => {
    const { clock, queue } = queueOf(25);
    const holdings = new Holdings(queue, clock);

    const { chosen, lookedAt, isCutShort } = await survey(holdings, {
      isChosen: ({ messageId }) => messageId.endsWith('1'),
      journal: noJournal,
      clock,
    });

    expect(chosen.map(({ messageId }) => messageId)).toEqual(['m21', 'm11', 'm1']);
    expect([lookedAt, isCutShort]).toEqual([25, false]);
    expect(queue.visibleIds).toHaveLength(22);
  });

  it('takes the oldest of what is meant where there is a limit', async () => {
    const { clock, queue } = queueOf(25);
    const holdings = new Holdings(queue, clock);

    const { chosen } = await survey(holdings, { isChosen: () => true, journal: noJournal, clock, limit: 2 });

    expect(chosen.map(({ messageId }) => messageId)).toEqual(['m24', 'm23']);
    expect(queue.visibleIds).toHaveLength(23);
  });

  it('comes to an end though letters keep coming in', async () => {
    const { clock, queue } = queueOf(5);
    let fresh = 0;
    const receive = queue.receive.bind(queue);
    queue.receive = (seconds) => {
      clock.advance(10);
      fresh += 1;
      queue.put(deadMessage(`fresh-${fresh}`, { sentMs: clock.now() }));
      return receive(seconds);
    };

    const { chosen } = await survey(new Holdings(queue, clock), { isChosen: () => true, journal: noJournal, clock });

    expect(chosen.map(({ messageId }) => messageId)).toEqual(expect.arrayContaining(['m0', 'm1', 'm2', 'm3', 'm4']));
    expect(fresh).toBeLessThan(200);
  });

  it('looks at no more than it is to', async () => {
    const { clock, queue } = queueOf(100);
    const { lookedAt, isCutShort } = await survey(new Holdings(queue, clock), {
      isChosen: () => true,
      journal: noJournal,
      clock,
      most: 20,
    });
    expect(lookedAt).toBeLessThanOrEqual(50);
    expect(isCutShort).toBe(true);
  });

  it('says that there may be more behind the letters of a FIFO queue', async () => {
    const clock = new ManualClock();
    const queue = new InMemoryLetterQueue(clock, [
      deadMessage('second', { group: 'g', sequenceNumber: '18849496460467696128' }),
      deadMessage('first', { group: 'g', sequenceNumber: '18849496460467696127' }),
    ]);
    const { chosen, isCutShort } = await survey(new Holdings(queue, clock), {
      isChosen: () => true,
      journal: noJournal,
      clock,
    });
    expect([chosen.map(({ messageId }) => messageId), isCutShort]).toEqual([['first', 'second'], true]);
  });
});

describe('what is held', () => {
  it('stays hidden for as long as it is renewed, and is shown again when nobody does', async () => {
    const { clock, queue } = queueOf(3);
    const holdings = new Holdings(queue, clock);
    await holdings.receive();
    for (let seconds = 0; seconds < 120; seconds += 5) {
      clock.advance(5_000);
      holdings.renew();
      await settle();
    }
    expect(queue.visibleIds).toEqual([]);

    clock.advance(31_000);
    expect(queue.visibleIds).toHaveLength(3);
  });

  it('counts as lost in time, before somebody else can have it', async () => {
    const { clock, queue } = queueOf(1);
    const holdings = new Holdings(queue, clock);
    const [letter] = await holdings.receive();
    expect(holdings.isHeld(letter?.receipt ?? '')).toBe(true);
    clock.advance(16_000);
    expect(queue.visibleIds).toEqual([]);
    expect(holdings.isHeld(letter?.receipt ?? '')).toBe(false);
  });

  it('is renewed again when a renewal failed', async () => {
    const { clock, queue } = queueOf(1);
    const holdings = new Holdings(queue, clock);
    const [letter] = await holdings.receive();
    const hold = queue.hold.bind(queue);
    queue.hold = () => Promise.reject(new Error('no network'));
    clock.advance(8_000);
    holdings.renew();
    await settle();
    queue.hold = hold;
    clock.advance(2_000);
    holdings.renew();
    await settle();
    clock.advance(12_000);
    expect(holdings.isHeld(letter?.receipt ?? '')).toBe(true);
    expect(queue.visibleIds).toEqual([]);
  });

  it('is lost when somebody else has received it since', async () => {
    const { clock, queue } = queueOf(1);
    const holdings = new Holdings(queue, clock);
    const [letter] = await holdings.receive();
    clock.advance(40_000);
    await queue.receive(30);
    holdings.renew();
    await settle();
    expect(holdings.isHeld(letter?.receipt ?? '')).toBe(false);
    await holdings.giveBack();
    expect(queue.visibleIds).toEqual([]);
  });

  it('is noted, for whoever goes on after a kill', async () => {
    const { clock, queue } = queueOf(1);
    const noted: number[] = [];
    await new Holdings(queue, clock, (untilMs) => noted.push(untilMs)).receive();
    expect(noted).toEqual([clock.now() + 20_000]);
  });
});
