/** One call of a function: what an environment works on. */
export interface Invocation {
  /** Its own among all invocations, and the same in every run that comes to it. */
  readonly key: string;
  readonly deadlineMs: number;
  /** Ends it, and its environment with it. */
  readonly die: () => void;
  /** Keeps what it was called with away for so long, rather than until its source gives it out again by itself. */
  readonly keepAway: (ms: number) => void;
  /** Hands what it was called with to another environment as well; not where its source gives everything out once. */
  readonly compete: () => Rival | undefined;
}

/** Another environment that works on the same. */
export interface Rival {
  readonly hasEnded: boolean;
}

/** How an invocation ended. */
export type Ending<Answer> =
  | { readonly kind: 'answered'; readonly answer: Answer }
  | { readonly kind: 'failed'; readonly error: unknown }
  | { readonly kind: 'died' };
