import { describe, expect, it } from 'vitest';
import type { Outgoing } from '../../../operations/dead-letters/letter-queue.ts';
import { SqsSender } from '../../../operations/dead-letters/sqs-sender.ts';
import { ManualClock } from '../../manual-clock.ts';
import { ScriptedAws, type WireAnswer } from './scripted-aws.ts';

interface Entry {
  readonly Id: string;
  readonly MessageBody: string;
}

const messages = ['a', 'b', 'c'].map((body): Outgoing => ({ body, attributes: {} }));

function entriesOf(input: Readonly<Record<string, unknown>>): readonly Entry[] {
  return input.Entries as readonly Entry[];
}

/** A queue that takes everything but what it is told not to. */
function taking(
  entries: readonly Entry[],
  failed: Readonly<Record<string, { Code: string; SenderFault: boolean }>> = {},
): WireAnswer {
  const [Failed, Successful] = [
    entries.filter(({ MessageBody }) => failed[MessageBody]),
    entries.filter(({ MessageBody }) => !failed[MessageBody]),
  ];
  return {
    body: {
      Successful: Successful.map(({ Id }) => ({ Id, MessageId: `id-${Id}`, MD5OfMessageBody: '' })),
      Failed: Failed.map(({ Id, MessageBody }) => ({ Id, ...failed[MessageBody] })),
    },
  };
}

function senderTo(aws: ScriptedAws, clock = new ManualClock()): SqsSender {
  return new SqsSender(aws.queues, 'https://sqs.eu-central-1.amazonaws.com/1/orders', clock);
}

describe('a message that is sent', () => {
  it('is in the queue when the queue says so', async () => {
    const aws = new ScriptedAws(({ input }) => taking(entriesOf(input)));
    expect(await senderTo(aws).send(messages)).toEqual([{ kind: 'sent' }, { kind: 'sent' }, { kind: 'sent' }]);
  });

  it('is refused when the queue says that it is at fault', async () => {
    const aws = new ScriptedAws(({ input }) =>
      taking(entriesOf(input), { b: { Code: 'InvalidMessageContents', SenderFault: true } }),
    );
    expect((await senderTo(aws).send(messages)).map(({ kind }) => kind)).toEqual(['sent', 'refused', 'sent']);
    expect(aws.calls).toHaveLength(1);
  });

  it('may be there when the queue itself is at fault', async () => {
    const aws = new ScriptedAws(({ input }) =>
      taking(entriesOf(input), { b: { Code: 'InternalError', SenderFault: false } }),
    );
    expect((await senderTo(aws).send(messages)).map(({ kind }) => kind)).toEqual(['sent', 'unknown', 'sent']);
  });

  it('goes again alone when it was throttled', async () => {
    let calls = 0;
    const aws = new ScriptedAws(({ input }) => {
      calls += 1;
      return taking(entriesOf(input), calls === 1 ? { b: { Code: 'RequestThrottled', SenderFault: true } } : {});
    });
    const clock = new ManualClock();

    const answers = await senderTo(aws, clock).send(messages);

    expect(answers.map(({ kind }) => kind)).toEqual(['sent', 'sent', 'sent']);
    expect(aws.calls.map(({ input }) => entriesOf(input).map(({ MessageBody }) => MessageBody))).toEqual([
      ['a', 'b', 'c'],
      ['b'],
    ]);
    expect(clock.slept).toHaveLength(1);
  });
});

describe('a call that fails', () => {
  it.each([
    ['was refused', { error: 'AccessDenied', status: 403 }, 'refused'],
    ['did not reach SQS', { broken: Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }) }, 'refused'],
    ['failed in SQS', { error: 'InternalFailure', status: 500 }, 'unknown'],
    ['got no answer', { broken: Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }) }, 'unknown'],
    ['ran out of time', { broken: Object.assign(new Error('time-out'), { name: 'TimeoutError' }) }, 'unknown'],
  ] satisfies readonly (readonly [string, WireAnswer, string])[])(
    'because it %s leaves no doubt, or says that there is one',
    async (_, answer, kind) => {
      const aws = new ScriptedAws(() => answer);
      expect((await senderTo(aws).send(messages)).map((one) => one.kind)).toEqual([kind, kind, kind]);
      expect(aws.calls).toHaveLength(1);
    },
  );
});

it('messages that together are too large for a call go in several', async () => {
  const aws = new ScriptedAws(({ input }) => taking(entriesOf(input)));
  const large = ['x', 'y', 'z'].map(
    (letter): Outgoing => ({ body: letter.repeat(120_000), attributes: { note: 'n'.repeat(10) } }),
  );

  expect((await senderTo(aws).send(large)).map(({ kind }) => kind)).toEqual(['sent', 'sent', 'sent']);

  expect(aws.calls.map(({ input }) => entriesOf(input).length)).toEqual([2, 1]);
});
