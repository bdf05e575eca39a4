import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { backoffBound, DEFAULT_RETRY, type RetryPolicy } from '../../functions/backbone/recoverability.ts';
import { type FunctionProperties, resourcesOf, templateOf } from './synthesised.ts';

const page = readFileSync(path.join(import.meta.dirname, '../../docs/retries.md'), 'utf8');

/** The bounds of the waits after the first failures of an event. */
function boundsOf(failures: number, policy: RetryPolicy): readonly number[] {
  return Array.from({ length: failures }, (_, n) => backoffBound(n, policy));
}

const sum = (seconds: readonly number[]) => seconds.reduce((total, one) => total + one, 0);

function inWords(seconds: number): string {
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  const rest = Math.floor(seconds % 60);
  return rest === 0 ? `${minutes} min` : `${minutes} min ${rest} s`;
}

/** Each subscription's policy, as its function is told. */
function policies(): ReadonlyMap<string, RetryPolicy> {
  const functions = Object.values(resourcesOf<FunctionProperties>(templateOf('prod'), 'AWS::Lambda::Function'));
  const consumers = functions.flatMap(({ Properties: { Environment } }) => {
    const { SUBSCRIPTION, RETRY_BASE_SECONDS, RETRY_CAP_SECONDS, RETRY_ATTEMPTS } = Environment.Variables;
    if (SUBSCRIPTION === undefined) return [];
    const policy = {
      baseSeconds: Number(RETRY_BASE_SECONDS),
      capSeconds: Number(RETRY_CAP_SECONDS),
      attempts: Number(RETRY_ATTEMPTS),
    };
    return [[String(SUBSCRIPTION), policy] as const];
  });
  return new Map(consumers);
}

test('the page says how long the waits of a default subscription are', () => {
  const rows = [1, 2, 3, 4, 5, 6, 8, 10, 15, 19].map((failures) => {
    const bounds = boundsOf(failures, DEFAULT_RETRY);
    const mean = sum(bounds) / 2;
    return `| ${failures} | 0–${inWords(bounds.at(-1) ?? 0)} | ${inWords(mean)} | ${inWords(sum(bounds))} |`;
  });

  expect(page).toContain(
    [
      '| failure | the wait after it | all waits so far, on average | at most |',
      '|---:|---:|---:|---:|',
      ...rows,
      '',
    ].join('\n'),
  );
});

test('the page says how long each subscription of the shop takes until its dead-letter queue', () => {
  const names = Map.groupBy(policies(), ([, policy]) => JSON.stringify(policy));
  const rows = [...names].map(([, subscriptions]) => {
    const [[, policy] = ['', DEFAULT_RETRY]] = subscriptions;
    const waits = sum(boundsOf(policy.attempts - 1, policy));
    const isDefault = JSON.stringify(policy) === JSON.stringify(DEFAULT_RETRY);
    const who = isDefault ? 'all others' : subscriptions.map(([name]) => name).join(', ');
    const deadOfBillion = Math.round(1e9 * 0.5 ** policy.attempts);
    return `| ${who} | ${inWords(policy.baseSeconds)} | ${inWords(policy.capSeconds)} | ${policy.attempts} | ${inWords(waits / 2)} | ${inWords(waits)} | ${deadOfBillion} |`;
  });

  expect(page).toContain(
    [
      '| subscription | base | cap | attempts | until the DLQ, on average | at most | dead of 10⁹ when half of all attempts fail |',
      '|---|---:|---:|---:|---:|---:|---:|',
      ...rows.sort(),
      '',
    ].join('\n'),
  );
});
