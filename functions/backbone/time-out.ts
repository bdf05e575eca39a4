/**
 * How middy runs a function: until Lambda ends it. By default it answers shortly before that, and what is under way then
 * goes on with the environment's next event, maybe minutes later, when everybody takes it for ended:
 *
 *     intent ── time-out: answered ✗ frozen ──────── deadline: nothing was sent ── thawed ── dispatch ✗✗
 *     intent ── time-out: killed ─────────────────── deadline: nothing was sent
 */
export const UNTIL_KILLED = { timeoutEarlyInMillis: 0 } as const;
