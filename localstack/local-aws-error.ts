/**
 * Something the local AWS needs is missing or in the way.
 *
 * The message says what is wrong and where; `remedies` say what to do, one way a line.
 */
export class LocalAwsError extends Error {
  override readonly name = 'LocalAwsError';
  readonly remedies: readonly string[];

  constructor(message: string, options: { remedies?: readonly string[]; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.remedies = options.remedies ?? [];
  }
}
