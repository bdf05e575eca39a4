import { answerLost, failed, type PortFault, throttled } from './faults.ts';
import type { MethodSpec } from './port.ts';

/** What a call comes to, other than an answer. */
export type NoAnswer =
  /** Its environment is gone. */
  | { readonly kind: 'dies' }
  /** Its environment is gone, and what it worked on stays away for so long. */
  | { readonly kind: 'dies and is kept away'; readonly ms: number }
  /** It waits for its end. */
  | { readonly kind: 'hangs' };

/** Beyond the other side's memory: the clocks differ. */
const SURELY_FORGOTTEN_MS = 60_000;

/**
 * Performs a call as its fault would have it. What takes effect does so at once.
 *
 * @param what the call, for error messages
 */
export function performUnder<Args extends readonly unknown[], Result>(
  fault: PortFault | undefined,
  what: string,
  spec: MethodSpec<Args, Result>,
  perform: (...args: Args) => Promise<Result>,
  args: Args,
): Promise<Result> | NoAnswer {
  const again = () => perform(...args);
  switch (fault) {
    case undefined:
    case 'slow':
    case 'competitor':
      return again();
    case 'error-before':
      return Promise.reject(failed(what));
    case 'error-after':
      return again().then(() => Promise.reject(answerLost(what)));
    case 'retried':
      return again().then(again, again);
    case 'dies-before':
      return { kind: 'dies' };
    case 'dies-after':
      unheard(again());
      return { kind: 'dies' };
    case 'times-out':
      unheard(again());
      return { kind: 'hangs' };
    case 'expired':
      unheard(again());
      return { kind: 'dies and is kept away', ms: (spec.forgottenAfterMs ?? 0) + SURELY_FORGOTTEN_MS };
    case 'throttled':
      return spec.answers?.throttled?.(perform, ...args) ?? Promise.reject(throttled(what, spec.throttledAs));
    case 'partial':
    case 'stale': {
      const answer = spec.answers?.[fault];
      if (answer === undefined)
        throw new Error(`${what} has the fault ${fault}, but not its answer: give answers.${fault}`);
      return answer(perform, ...args);
    }
  }
}

/** Nobody is left to hear what came of it. */
function unheard(answer: Promise<unknown>): void {
  answer.catch(() => undefined);
}
