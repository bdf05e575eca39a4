import type { FactType } from '../functions/backbone/fact.ts';
import type { Subscription } from '../functions/backbone/subscription.ts';

/** The streams of a context, as its `EventStore` construct made them. */
export interface Store {
  /** The context, such as `orders`. */
  readonly context: string;
  /** The only `source` that its relay publishes under. */
  readonly source: string;
  /** The published facts that its streams keep. A fact that its relay derives from something else is none of them. */
  readonly facts: readonly string[];
  /** The streams that concern an order. */
  readonly streamsOfOrder: (orderId: string) => readonly string[];
}

/** What is deployed, by its names: which queues, tables and facts there are for the command line to find. */
export interface Catalogue {
  readonly facts: readonly FactType[];
  readonly subscriptions: readonly Subscription[];
  readonly stores: readonly Store[];
}

/** A dead-letter queue, by where its letters come from. */
export type DeadLetters =
  /** What a consumer could not handle. */
  | {
      readonly kind: 'consumer';
      readonly name: string;
      readonly queueName: string;
      readonly subscription: Subscription;
    }
  /** What EventBridge could not deliver to a consumer's queue. */
  | { readonly kind: 'target'; readonly name: string; readonly queueName: string; readonly subscription: Subscription }
  /** What a relay could not publish: the keys of commits. */
  | { readonly kind: 'relay'; readonly name: string; readonly queueName: string; readonly store: Store };

/** The name of a stage's bus, with which every other name begins. */
export function busNameOf(stage: string): string {
  return stage === 'dev' ? 'factbus' : `factbus-${stage}`;
}

/** All dead-letter queues on a bus. FIFO queues have `.fifo` behind these names. */
export function deadLettersOn(busName: string, { subscriptions, stores }: Catalogue): readonly DeadLetters[] {
  return [
    ...subscriptions.map((subscription): DeadLetters => {
      const { name } = subscription;
      return { kind: 'consumer', name, queueName: `${busName}-${name}-dlq`, subscription };
    }),
    ...subscriptions.map((subscription): DeadLetters => {
      const { name } = subscription;
      return { kind: 'target', name: `${name}-target`, queueName: `${busName}-${name}-target-dlq`, subscription };
    }),
    ...stores.map((store): DeadLetters => {
      const { context } = store;
      return { kind: 'relay', name: `${context}-relay`, queueName: `${busName}-${context}-relay-dlq`, store };
    }),
  ];
}

/** The queue of a subscription. */
export function sourceQueueOn(busName: string, { name }: Subscription): string {
  return `${busName}-${name}`;
}

/** The table of a context's streams. */
export function tableOn(busName: string, { context }: Store): string {
  return `${busName}-${context}`;
}

/** The archive of a bus. */
export function archiveOn(busName: string): string {
  return `${busName}-archive`;
}
