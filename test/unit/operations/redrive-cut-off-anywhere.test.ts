import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Holdings } from '../../../operations/dead-letters/holdings.ts';
import type { Journal } from '../../../operations/dead-letters/journal.ts';
import type { LetterQueue, Sender } from '../../../operations/dead-letters/letter-queue.ts';
import { type Moved, move } from '../../../operations/dead-letters/move.ts';
import { redriven } from '../../../operations/dead-letters/redrive.ts';
import { survey } from '../../../operations/dead-letters/survey.ts';
import { Pace } from '../../../operations/pace.ts';
import { ManualClock } from '../../manual-clock.ts';
import { deadMessage } from './dead-message.ts';
import { InMemoryJournal, InMemoryLetterQueue, RecordingSender } from './in-memory-letter-queue.ts';

type Call = 'receive' | 'hold' | 'remove' | 'send' | 'write';

/** Where a run is cut off: at which of its calls to the outside, before or after that call took effect. */
interface CutOff {
  readonly at: number | Call;
  readonly tookEffect: boolean;
}

class Killed extends Error {}

/** Lets calls through to the one at which the run is cut off; from then on none takes effect. */
function cutOffAt(cutOff: CutOff | undefined) {
  let calls = 0;
  let isDead = false;
  return async <T>(name: Call, call: () => Promise<T>): Promise<T> => {
    calls += 1;
    const isTheOne = cutOff !== undefined && (cutOff.at === calls || cutOff.at === name);
    if (isDead || (isTheOne && !cutOff.tookEffect)) {
      isDead = true;
      throw new Killed();
    }
    isDead = isTheOne;
    const answer = await call();
    if (isDead) throw new Killed();
    return answer;
  };
}

interface World {
  readonly clock: ManualClock;
  readonly queue: InMemoryLetterQueue;
  readonly sender: RecordingSender;
  readonly journal: InMemoryJournal;
}

function worldOf(count: number): World {
  const clock = new ManualClock();
  const messages = Array.from({ length: count }, (_, n) => deadMessage(`m${n}`, { sentMs: clock.now() - count + n }));
  return {
    clock,
    queue: new InMemoryLetterQueue(clock, messages),
    sender: new RecordingSender(),
    journal: new InMemoryJournal(),
  };
}

interface RunOptions {
  readonly isMeant: (messageId: string) => boolean;
  readonly cutOff?: CutOff;
  readonly alsoUncertain?: boolean;
}

/** One run of the command. */
async function redrive(
  { clock, queue, sender, journal }: World,
  { isMeant, cutOff, alsoUncertain }: RunOptions,
): Promise<Moved> {
  const through = cutOffAt(cutOff);
  const reachedQueue: LetterQueue = {
    receive: (seconds) => through('receive', () => queue.receive(seconds)),
    hold: (receipts, seconds) => through('hold', () => queue.hold(receipts, seconds)),
    remove: (receipts) => through('remove', () => queue.remove(receipts)),
  };
  const reachedSender: Sender = { send: (messages) => through('send', () => sender.send(messages)) };
  const opened = journal.open();
  const reachedJournal: Journal = {
    unfinished: opened.unfinished,
    write: (step, ids) => through('write', () => opened.write(step, ids)),
  };
  const holdings = new Holdings(reachedQueue, clock);
  const { chosen } = await survey(holdings, {
    isChosen: ({ messageId }) => isMeant(messageId),
    journal: reachedJournal,
    clock,
    ...(alsoUncertain && { alsoUncertain }),
  });
  const ports = {
    holdings,
    sender: reachedSender,
    journal: reachedJournal,
    pace: new Pace(Number.POSITIVE_INFINITY, clock),
  };
  const moved = await move(chosen, ports, { toOutgoing: (letter) => redriven(letter, false) });
  await holdings.giveBack();
  return moved;
}

/** A run that may be killed, and time enough for what it held to be seen again. */
async function runAndDie(world: World, options: RunOptions): Promise<void> {
  try {
    await redrive(world, options);
  } catch (error) {
    if (!(error instanceof Killed)) throw error;
  }
  world.clock.advance(60_000);
}

const timesSent = ({ sender }: World, messageId: string) =>
  sender.sent.filter(({ body }) => body === deadMessage(messageId).body).length;

const counts = fc.integer({ min: 1, max: 35 });
const cutOffs = fc.array(fc.record({ at: fc.integer({ min: 1, max: 40 }), tookEffect: fc.boolean() }), {
  maxLength: 3,
});
/** Of which messages nobody hears whether they were taken, and which of these are. */
const silences = fc.record({ unheard: fc.func(fc.integer({ min: 0, max: 9 })), taken: fc.func(fc.boolean()) });

describe('a redrive that is cut off anywhere, any number of times, and gone on with', () => {
  it('has sent each letter once, or still has it in the dead-letter queue', async () => {
    await fc.assert(
      fc.asyncProperty(
        counts,
        cutOffs,
        silences,
        fc.func(fc.boolean()),
        async (count, kills, { unheard, taken }, isMeant) => {
          const world = worldOf(count);
          const ids = world.queue.ids;
          const meant = new Set(ids.filter((id) => isMeant(id)));
          world.sender.answer = ({ body }) =>
            unheard(body) === 0 ? { kind: 'unknown', code: 'TimeoutError', message: '' } : { kind: 'sent' };
          world.sender.takesUnknown = ({ body }) => taken(body);
          for (const cutOff of kills) await runAndDie(world, { isMeant: (id) => meant.has(id), cutOff });
          await redrive(world, { isMeant: (id) => meant.has(id) });

          const open = world.journal.open().unfinished;
          for (const id of ids) {
            const isThere = world.queue.ids.includes(id);
            const sent = timesSent(world, id);
            if (!meant.has(id)) expect([sent, isThere]).toEqual([0, true]);
            // Only of an uncertain one can both be true, and only an uncertain one is left.
            else if (isThere) expect([sent <= 1, open.get(id)]).toEqual([true, 'uncertain']);
            else expect(sent).toBe(1);
          }
          expect([...world.queue.visibleIds].sort()).toEqual([...world.queue.ids].sort());
        },
      ),
    );
  });

  it('loses nothing, even where what is uncertain is sent again', async () => {
    await fc.assert(
      fc.asyncProperty(counts, cutOffs, async (count, kills) => {
        const world = worldOf(count);
        const ids = world.queue.ids;
        for (const cutOff of kills) await runAndDie(world, { isMeant: () => true, cutOff });
        await redrive(world, { isMeant: () => true, alsoUncertain: true });

        expect(world.queue.ids).toEqual([]);
        expect(ids.filter((id) => timesSent(world, id) === 0)).toEqual([]);
      }),
    );
  });

  it('removes what was sent, and does not send it again, when it was cut off between the two', async () => {
    const world = worldOf(1);
    await runAndDie(world, { isMeant: () => true, cutOff: { at: 'remove', tookEffect: false } });
    expect([timesSent(world, 'm0'), world.queue.ids]).toEqual([1, ['m0']]);

    const moved = await redrive(world, { isMeant: () => true });

    expect(moved.moved).toBe(0);
    expect([timesSent(world, 'm0'), world.queue.ids]).toEqual([1, []]);
  });

  it('leaves alone what may have been sent, when it was cut off while sending', async () => {
    const world = worldOf(1);
    await runAndDie(world, { isMeant: () => true, cutOff: { at: 'send', tookEffect: true } });

    const moved = await redrive(world, { isMeant: () => true });

    expect(moved.moved).toBe(0);
    expect([timesSent(world, 'm0'), world.queue.ids]).toEqual([1, ['m0']]);
  });

  it('removes nothing in a dry run, not even what was sent', async () => {
    const world = worldOf(2);
    await runAndDie(world, { isMeant: (id) => id === 'm0', cutOff: { at: 'remove', tookEffect: false } });
    const { clock, queue, journal } = world;

    const holdings = new Holdings(queue, clock);
    const found = await survey(holdings, { isChosen: () => true, journal: journal.open(), clock, dryRun: true });

    expect([found.settled, found.chosen.map(({ messageId }) => messageId)]).toEqual([1, ['m1']]);
    await holdings.giveBack();
    expect(queue.visibleIds).toEqual(['m0', 'm1']);
    expect([...journal.open().unfinished]).toEqual([['m0', 'sent']]);
  });
});

it('letters for a FIFO queue are sent one batch after the other', async () => {
  const { clock, queue, journal } = worldOf(35);
  let underWay = 0;
  const sender: Sender = {
    async send(messages) {
      underWay += 1;
      expect(underWay).toBe(1);
      await new Promise((resolve) => setImmediate(resolve));
      underWay -= 1;
      return messages.map(() => ({ kind: 'sent' }));
    },
  };
  const holdings = new Holdings(queue, clock);
  const { chosen } = await survey(holdings, { isChosen: () => true, journal: journal.open(), clock });
  const ports = { holdings, sender, journal: journal.open(), pace: new Pace(Number.POSITIVE_INFINITY, clock) };

  const moved = await move(chosen, ports, { toOutgoing: (letter) => redriven(letter, true), inOrder: true });

  expect([moved.moved, queue.ids]).toEqual([35, []]);
});
