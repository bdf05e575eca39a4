/** A mistake that somebody could make: one place of the code, and what would stand there instead. */
export interface Mutation {
  readonly name: string;
  /** One sentence, for people. */
  readonly breaks: string;
  /** From the project's root. */
  readonly file: string;
  /** Stands there once. */
  readonly find: string;
  readonly put: string;
}

/** The code is no longer what the mutation was written for. */
export class DoesNotApply extends Error {
  override readonly name = 'DoesNotApply';

  constructor({ name, file, find }: Mutation, times: number) {
    super(`the mutation '${name}' looks for a text that stands ${times} times in ${file}, not once: ${find}`);
  }
}

/**
 * The text of the mutation's file with the mistake in it.
 *
 * @throws DoesNotApply when there is no such place, or more than one
 */
export function mutated(text: string, mutation: Mutation): string {
  const { find, put } = mutation;
  const [before, after, ...others] = text.split(find);
  if (before === undefined || after === undefined || others.length > 0) {
    throw new DoesNotApply(mutation, text.split(find).length - 1);
  }
  return before + put + after;
}
