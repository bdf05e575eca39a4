import { InMemoryPublisher } from '../../../functions/backbone/in-memory-publisher.ts';
import { InMemorySourceQueue } from '../../../functions/backbone/in-memory-source-queue.ts';
import type { Publication } from '../../../functions/backbone/publisher.ts';
import { publisherConformance } from '../../conformance/publisher.ts';
import { sourceQueueConformance } from '../../conformance/source-queue.ts';
import { ManualClock } from '../../manual-clock.ts';

publisherConformance('the publisher in memory', () => {
  const received: Publication[] = [];
  const publisher = new InMemoryPublisher((publication) => received.push(publication));
  return {
    publisher,
    arrived: (flow) => Promise.resolve(received.filter(({ metadata }) => metadata.correlationId === flow)),
  };
});

publisherConformance('what the publisher in memory keeps', () => {
  const publisher = new InMemoryPublisher();
  return {
    publisher,
    arrived: (flow) => Promise.resolve(publisher.published.filter(({ metadata }) => metadata.correlationId === flow)),
  };
});

sourceQueueConformance('the source queue in memory', ({ visibilitySeconds, delaySeconds }) => {
  const clock = new ManualClock();
  const queue = new InMemorySourceQueue({ clock, visibilitySeconds, delaySeconds });
  const receive = () => {
    const [message] = queue.receive(1);
    if (message !== undefined) return message;
    if (queue.nextVisibleMs === undefined) throw new Error('the queue is empty, so no message will come');
    clock.advance(queue.nextVisibleMs - clock.now());
    const [later] = queue.receive(1);
    if (later === undefined) throw new Error('a message that should be visible is not');
    return later;
  };
  return Promise.resolve({
    queue,
    send: async (letter) => queue.send(letter),
    receive: async () => receive(),
    length: () => Promise.resolve(queue.length),
    receiveDeadLetter: async () => {
      const letter = queue.deadLetters.shift();
      if (letter === undefined) throw new Error('the dead-letter queue is empty');
      return letter;
    },
    now: () => clock.now(),
  });
});
