import { afterEach, expect, test, vi } from 'vitest';
import type { Consumer } from '../../../functions/backbone/consumer.ts';
import { consumerFunction } from '../../../functions/backbone/consumer-function.ts';
import { InMemorySourceQueue } from '../../../functions/backbone/in-memory-source-queue.ts';
import { DEFAULT_RETRY } from '../../../functions/backbone/recoverability.ts';
import { subscription } from '../../../functions/backbone/subscription.ts';
import { OrderShipped } from '../../../schemas/generated/facts.ts';
import { ManualClock } from '../../manual-clock.ts';

afterEach(() => void vi.unstubAllEnvs());

/** Starts the code of `watcher` in a function whose construct says that this is its subscription. */
function startFedBy(subscribed: string | undefined) {
  vi.stubEnv('SUBSCRIPTION', subscribed);
  const consumer: Consumer<{ readonly OrderShipped: typeof OrderShipped }> = {
    subscription: subscription('watcher', { OrderShipped }),
    handle: () => [],
  };
  const clock = new ManualClock();
  const queue = new InMemorySourceQueue({ clock, visibilitySeconds: 60, maxReceives: 30, delaySeconds: 0 });
  return consumerFunction(consumer, { clock, queue, retry: DEFAULT_RETRY });
}

test("code that is fed another subscription's queue does not start, and says what to mend", () => {
  expect(() => startFedBy('keeper')).toThrow(
    "this code handles the subscription watcher, but its queue is that of keeper: mend the construct's entry",
  );
});

test.each([
  ['its own queue', 'watcher'],
  ['a queue of which nobody says whose it is', undefined],
])('code that is fed %s starts', (_, subscribed) => {
  expect(() => startFedBy(subscribed)).not.toThrow();
});
