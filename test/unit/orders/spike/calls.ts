import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { EventStore } from '../../../../functions/backbone/event-store.ts';
import type { SourceQueue } from '../../../../functions/backbone/source-queue.ts';

type CallOf<Port, Name extends string> = {
  [Method in keyof Port]: Port[Method] extends (...args: infer Args) => unknown
    ? { readonly port: Name; readonly method: Method; readonly args: Args }
    : never;
}[keyof Port];

/** What a function calls on the outside. */
export type PortCall = CallOf<EventStore, 'store'> | CallOf<SourceQueue, 'queue'>;

/** What is told to the function's thread. */
export type ToFunction =
  | { readonly kind: 'batch'; readonly event: SQSEvent }
  | { readonly kind: 'answer'; readonly call: number; readonly answer: unknown }
  | { readonly kind: 'failure'; readonly call: number; readonly message: string };

/** What the function's thread tells. */
export type FromFunction =
  | { readonly kind: 'call'; readonly call: number; readonly of: PortCall }
  /** Now and then with what is left in its heap when the garbage is gone, in bytes. */
  | { readonly kind: 'handled'; readonly response: SQSBatchResponse; readonly heapBytes?: number };
