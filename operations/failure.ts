/** The exit codes of the command line: what a script may rely on. Documented in docs/operating.md and by a test. */
export const EXIT = {
  ok: 0,
  /** Something went wrong: the message says what. */
  failed: 1,
  /** The command line, or the data that it was given, cannot be meant. */
  wrongUse: 2,
  /** What was asked for is not there. */
  notFound: 3,
  /** Part of it is done; what is left, and why, was said. */
  partly: 4,
  /** Nothing was done, because nobody agreed to it. */
  declined: 5,
  /** Stopped in an orderly way by Ctrl-C or a signal; the same command again goes on. */
  interrupted: 130,
} as const;

export type Exit = (typeof EXIT)[keyof typeof EXIT];

/** Something an operator can act upon: what is wrong and where, and what to do, one way a line. */
export class OperatorError extends Error {
  override readonly name = 'OperatorError';
  readonly exit: Exit;
  readonly remedies: readonly string[];

  constructor(
    message: string,
    { exit = EXIT.failed, remedies = [], cause }: { exit?: Exit; remedies?: readonly string[]; cause?: unknown } = {},
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.exit = exit;
    this.remedies = remedies;
  }
}

/** The command line cannot be meant. */
export function wrongUse(message: string, ...remedies: readonly string[]): OperatorError {
  return new OperatorError(message, { exit: EXIT.wrongUse, remedies });
}

/** What was asked for is not there. */
export function notFound(message: string, ...remedies: readonly string[]): OperatorError {
  return new OperatorError(message, { exit: EXIT.notFound, remedies });
}
