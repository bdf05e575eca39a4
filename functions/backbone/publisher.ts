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
