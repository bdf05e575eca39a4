import { readFileSync } from 'node:fs';
import { logMetrics } from '@aws-lambda-powertools/metrics/middleware';
import middy from '@middy/core';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { METRICS } from '../../../functions/backbone/metrics.ts';
import { count, countDeadLetter, measure, measureHandled, metrics } from '../../../functions/backbone/observability.ts';
import { invocation } from './invocation.ts';
import { received } from './received.ts';

const NOON = Date.parse('2026-01-31T12:00:00.000Z');

/** What CloudWatch makes of the log of one call: each metric, by its dimensions, with its values. */
async function measuredIn(call: () => void): Promise<Readonly<Record<string, unknown>>> {
  const written: string[] = [];
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, 'write').mockImplementation((text) => written.push(String(text)) > 0);
  }
  const handler = middy()
    .use(logMetrics(metrics))
    .handler(async () => call());
  await Promise.allSettled([handler(undefined, invocation())]);
  vi.restoreAllMocks();
  return Object.fromEntries(written.flatMap((line) => metricsIn(JSON.parse(line))));
}

interface EmbeddedMetrics extends Readonly<Record<string, unknown>> {
  readonly _aws: {
    readonly CloudWatchMetrics: readonly {
      readonly Namespace: string;
      readonly Dimensions: readonly (readonly string[])[];
      readonly Metrics: readonly { readonly Name: string; readonly Unit: string }[];
    }[];
  };
}

function metricsIn(line: EmbeddedMetrics): readonly (readonly [string, unknown])[] {
  return line._aws.CloudWatchMetrics.flatMap(({ Namespace, Dimensions, Metrics }) =>
    Dimensions.flatMap((dimensions) =>
      Metrics.map(({ Name, Unit }) => {
        const by = dimensions.map((dimension) => `${dimension}=${line[dimension]}`).join(' ');
        return [`${Namespace} ${Name} in ${Unit} by ${by}`, line[Name]] as const;
      }),
    ),
  );
}

beforeEach(() => {
  vi.stubEnv('POWERTOOLS_SERVICE_NAME', 'orders');
  vi.stubEnv('POWERTOOLS_METRICS_NAMESPACE', 'factbus');
  vi.stubEnv('SUBSCRIPTION', 'orders-deadline');
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

const placed = { type: 'OrderPlaced', data: {} } as const;

test('an event that was handled tells how long that took, how late it was, and how old its flow', async () => {
  const event = received('e1', placed, {
    time: '2026-01-31T11:59:58.000Z',
    correlationTime: '2026-01-31T11:59:30.000Z',
  });

  expect(await measuredIn(() => measureHandled(event, { startedMs: NOON - 12, nowMs: NOON }))).toEqual({
    'factbus EventsHandled in Count by service=orders consumer=orders-deadline': 1,
    'factbus ConsumerLag in Milliseconds by service=orders consumer=orders-deadline': 2_000,
    'factbus EndToEndAge in Milliseconds by service=orders consumer=orders-deadline': 30_000,
    'factbus HandlerDuration in Milliseconds by service=orders consumer=orders-deadline fact=OrderPlaced': 12,
  });
});

test('a replayed event is not late: it raises no alarm', async () => {
  const event = received('e1', placed, { correlationTime: '2026-01-01T12:00:00.000Z', replay: 'again-1' });

  expect(Object.keys(await measuredIn(() => measureHandled(event, { startedMs: NOON, nowMs: NOON })))).toEqual([
    expect.stringContaining('EventsHandled'),
    expect.stringContaining('HandlerDuration'),
  ]);
});

test('an event whose producer has a fast clock is not early', async () => {
  const event = received('e1', placed, { time: '2026-01-31T12:00:03.000Z' });

  expect(await measuredIn(() => measureHandled(event, { startedMs: NOON, nowMs: NOON }))).toMatchObject({
    'factbus ConsumerLag in Milliseconds by service=orders consumer=orders-deadline': 0,
  });
});

test('what happens several times in one call is one line', async () => {
  const measured = await measuredIn(() => {
    count('DuplicatesMet');
    count('DuplicatesMet', 2);
    countDeadLetter('malformed');
    countDeadLetter('unexpected_failure');
    countDeadLetter('malformed');
  });

  expect(measured).toEqual({
    'factbus DuplicatesMet in Count by service=orders consumer=orders-deadline': [1, 2],
    'factbus DeadLetters in Count by service=orders consumer=orders-deadline reason=malformed': [1, 1],
    'factbus DeadLetters in Count by service=orders consumer=orders-deadline reason=unexpected_failure': 1,
  });
});

test('one call after the other tells of itself alone, and says nothing where nothing happened', async () => {
  await measuredIn(() => count('CommitConflicts'));

  expect(await measuredIn(() => {})).toEqual({});
  expect(await measuredIn(() => count('CommitConflicts'))).toEqual({
    'factbus CommitConflicts in Count by service=orders consumer=orders-deadline': 1,
  });
});

test('a call that fails tells what it measured before', async () => {
  const measured = await measuredIn(() => {
    count('EventsRetried');
    throw new Error('no');
  });

  expect(measured).toEqual({ 'factbus EventsRetried in Count by service=orders consumer=orders-deadline': 1 });
});

test('a relay has no consumer', async () => {
  vi.stubEnv('SUBSCRIPTION', undefined);

  expect(await measuredIn(() => measure('SagaOutcomes', 1, { outcome: 'shipped' }))).toEqual({
    'factbus SagaOutcomes in Count by service=orders outcome=shipped': 1,
  });
});

test('docs/metrics.md names every metric, its unit and its dimensions', () => {
  const page = readFileSync('docs/metrics.md', 'utf8');
  const rows = [...page.matchAll(/^\| `(?<name>\w+)` \| (?<unit>\w+) \| (?<dimensions>[^|]+) \|/gm)];

  const documented = rows.map(({ groups }) => [
    groups?.name,
    groups?.unit,
    [...(groups?.dimensions ?? '').matchAll(/`(\w+)`/g)].map(([, dimension]) => dimension),
  ]);

  expect(documented).toEqual(
    Object.entries(METRICS).map(([name, { of, unit, by }]) => {
      return [name, unit, ['service', ...(of === 'consumer' ? ['consumer'] : []), ...by]];
    }),
  );
});
