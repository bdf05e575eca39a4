import type { Publication } from '../../../functions/backbone/publisher.ts';
import { publisherConformance } from '../../conformance/publisher.ts';
import { type SourceMessage, sourceQueueConformance } from '../../conformance/source-queue.ts';
import { type Message, receiptOf, SimulatedQueue } from '../../simulation/queue.ts';
import { World } from '../../simulation/world.ts';

publisherConformance('the simulated bus', () => {
  const world = new World(({ publisher }) => ({ publisher }));
  // What a publisher puts on the bus has this shape.
  const arrived = () => world.events.map(({ detail }) => detail as Publication);
  return {
    publisher: world.parts.publisher,
    arrived: (flow) => Promise.resolve(arrived().filter(({ metadata }) => metadata.correlationId === flow)),
  };
});

sourceQueueConformance('the simulated queue', ({ fifo: isFifo, visibilitySeconds, delaySeconds }) => {
  let order = 0;
  const now = {
    nowMs: Date.parse('2026-01-31T12:00:00.000Z'),
    nextOrder: () => {
      order += 1;
      return order;
    },
  };
  const queue = new SimulatedQueue('toy', now, { isFifo, visibilitySeconds, delaySeconds, maxReceives: 1_000 });
  const receive = (): SourceMessage => {
    const [first] = queue.firsts();
    if (first !== undefined) return received(queue.receive([first.messageId])[0]);
    const nextMs = queue.nextMs(now.nowMs);
    if (nextMs === Number.POSITIVE_INFINITY) throw new Error('the queue is empty, so no message will come');
    now.nowMs = nextMs;
    return receive();
  };
  return Promise.resolve({
    queue,
    send: async (letter) => queue.send(letter),
    receive: async () => receive(),
    length: () => Promise.resolve(queue.messages.length),
    receiveDeadLetter: async () => {
      const letter = queue.deadLetters.shift();
      if (letter === undefined) throw new Error('the dead-letter queue is empty');
      const { by: _, ...rest } = letter;
      return rest;
    },
    now: () => now.nowMs,
  });
});

function received(message: Message | undefined): SourceMessage {
  if (message === undefined) throw new Error('a message that should be there is not');
  const { messageId, body, attributes, group, receives: receiveCount } = message;
  const receiptHandle = receiptOf(message);
  return { messageId, receiptHandle, body, attributes, receiveCount, ...(group !== undefined && { group }) };
}
