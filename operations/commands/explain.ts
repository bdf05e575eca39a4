import { LocalAwsError } from '../../localstack/local-aws-error.ts';
import { EXIT, type Exit, OperatorError } from '../failure.ts';

/** An error for a person: what is wrong, the chain of its causes, and what to do; and the exit code that it stands for. */
export function explain(error: unknown): { readonly lines: readonly string[]; readonly exit: Exit } {
  const lines: string[] = [];
  const remedies: string[] = [];
  for (
    let cause = error;
    cause !== undefined && cause !== null;
    cause = cause instanceof Error ? cause.cause : undefined
  ) {
    lines.push(lines.length === 0 ? `✖ ${textOf(cause)}` : `  Because: ${textOf(cause)}`);
    if (cause instanceof OperatorError || cause instanceof LocalAwsError) remedies.push(...cause.remedies);
  }
  return {
    lines: [...lines, ...remedies.map((remedy) => `  → ${remedy}`)],
    exit: error instanceof OperatorError ? error.exit : EXIT.failed,
  };
}

/** Of what an operator can act upon, the message; of what AWS says, its name as well; of a mistake of ours, where it is. */
function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof OperatorError || error instanceof LocalAwsError) return error.message;
  const isFromOutside =
    '$metadata' in error ||
    '$fault' in error ||
    'code' in error ||
    error.name.endsWith('ProviderError') ||
    error.message.includes('Region is missing');
  return isFromOutside
    ? `${error.name}: ${error.message || ('code' in error ? String(error.code) : '')}`
    : (error.stack ?? error.message);
}
