import { LocalAwsError } from './local-aws-error.ts';

/** A command line that cannot be meant. */
export class WrongUse extends Error {}

/** An error for a person: the whole chain of causes, each on a line, and what to do. */
export function explain(error: unknown): string {
  const lines: string[] = [];
  for (let cause = error; cause !== undefined; cause = cause instanceof Error ? cause.cause : undefined) {
    const known = cause instanceof LocalAwsError || cause instanceof WrongUse;
    const text = cause instanceof Error ? (known ? cause.message : (cause.stack ?? cause.message)) : String(cause);
    lines.push(lines.length === 0 ? `✖ ${text}` : `  Because: ${text}`);
    if (cause instanceof LocalAwsError) lines.push(...cause.remedies.map((remedy) => `  → ${remedy}`));
    if (cause instanceof WrongUse) break;
  }
  return `${lines.join('\n')}\n`;
}
