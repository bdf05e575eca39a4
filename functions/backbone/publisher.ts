import type { Metadata } from './envelope.ts';

/** A fact as it goes on the bus. */
export interface Publication {
  readonly metadata: Metadata;
  readonly data: unknown;
}

/** What became of a publication. */
export type Published =
  | { readonly kind: 'published' }
  /** Throttled or failed, and not within the time given: later it may go. */
  | { readonly kind: 'failed'; readonly code: string; readonly message: string }
  /** Refused for what it is: it never goes. */
  | { readonly kind: 'refused'; readonly code: string; readonly message: string };

/** The way onto the bus. */
export interface Publisher {
  /**
   * Publishes what it can; each answer is that of the publication at its place.
   *
   * @param untilMs when to stop trying again, in milliseconds since 1970
   */
  publish(publications: readonly Publication[], untilMs: number): Promise<readonly Published[]>;
}

/** What an event may weigh: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html */
export const MOST_EVENT_BYTES = 256 * 1024;

/**
 * What an event weighs on the bus.
 *
 * Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html, "calculating event entry size"
 *
 * @param detail the publication as JSON
 */
export function eventBytes({ source, type }: Metadata, detail: string): number {
  return 14 + Buffer.byteLength(source) + Buffer.byteLength(type) + Buffer.byteLength(detail);
}

/** The answer to a publication that weighs too much. */
export function tooLarge({ type, id }: Metadata, bytes: number): Published {
  const message = `${type} ${id} has ${bytes} bytes, and an event may have ${MOST_EVENT_BYTES}`;
  return { kind: 'refused', code: 'EntryTooLarge', message };
}
