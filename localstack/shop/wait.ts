import { setTimeout as pause } from 'node:timers/promises';

/**
 * Asks again and again until there is an answer.
 *
 * @throws Error that names `what` when there is none within `limitMs`
 */
export async function waitFor<T>(
  what: string,
  ask: () => Promise<T | undefined>,
  { limitMs = 60_000, betweenMs = 100 }: { limitMs?: number; betweenMs?: number } = {},
): Promise<T> {
  const endMs = performance.now() + limitMs;
  while (true) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() >= endMs) throw new Error(`waited ${limitMs / 1000} s for ${what}`);
    await pause(betweenMs);
  }
}
