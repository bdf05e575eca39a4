import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { app, type QueueProperties, type Reference, referred, resourcesOf, templateOf } from './synthesised.ts';

const ROOT = path.join(import.meta.dirname, '../..');
const RUNBOOK = 'docs/runbooks/unsettled-order.md';

interface AlarmProperties {
  readonly AlarmName: string;
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Statistic: string;
  readonly EvaluationPeriods: number;
  readonly Threshold: number;
  readonly ComparisonOperator: string;
  readonly Dimensions: readonly { readonly Name: string; readonly Value: Reference }[];
}

/** The alarm for orders that do not settle, and the queue that it watches. */
function alarmIn(template: Template, name: string): { alarm: AlarmProperties; watched: QueueProperties | undefined } {
  const alarms = Object.values(resourcesOf<AlarmProperties>(template, 'AWS::CloudWatch::Alarm'));
  const alarm = alarms.find(({ Properties }) => Properties.AlarmName === name)?.Properties;
  if (alarm === undefined) throw new Error(`there is no alarm ${name}`);
  const [dimension] = alarm.Dimensions;
  const watched = resourcesOf<QueueProperties>(template, 'AWS::SQS::Queue')[referred(dimension?.Value)]?.Properties;
  return { alarm, watched };
}

describe('the alarm for orders that do not settle', () => {
  it.each([
    ['dev', 'factbus'],
    ['prod', 'factbus-prod'],
  ] as const)('goes off at the first message in the dead-letter queue of settlements: %s', (stage, bus) => {
    const { alarm, watched } = alarmIn(templateOf(stage), `${bus}-orders-unsettled`);

    expect(watched?.QueueName).toBe(`${bus}-orders-settlement-dlq`);
    expect(alarm).toMatchObject({
      Namespace: 'AWS/SQS',
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Statistic: 'Maximum',
      ComparisonOperator: 'GreaterThanThreshold',
      Threshold: 0,
      EvaluationPeriods: 1,
    });
    expect(alarm.Dimensions.map(({ Name }) => Name)).toEqual(['QueueName']);
  });
});

describe('the runbook for it', () => {
  const page = readFileSync(path.join(ROOT, RUNBOOK), 'utf8');
  const template: { Resources: Record<string, { Properties?: Readonly<Record<string, unknown>> }> } =
    Template.fromStack(app().stack).toJSON() as never;
  const names = new Set(
    Object.values(template.Resources).flatMap(({ Properties = {} }) =>
      ['AlarmName', 'FunctionName', 'LogGroupName', 'QueueName', 'TableName'].map((key) => Properties[key]),
    ),
  );
  /** Names as prose has them, and as commands have them. */
  const named = [
    ...new Set([
      ...[...page.matchAll(/`((?:\/aws\/lambda\/)?factbus-[a-z][a-z-]*)`/g)].map(([, name]) => name),
      ...[...page.matchAll(/\$\((?:url|arn) ([a-z-]+)\)/g)].map(([, name]) => `factbus-${name}`),
      ...[...page.matchAll(/\$bus-([a-z][a-z-]*)/g)].map(([, name]) => `factbus-${name}`),
      ...[...page.matchAll(/^redrive ([a-z-]+)$/gm)].flatMap(([, name]) => [`factbus-${name}`, `factbus-${name}-dlq`]),
      ...[...page.matchAll(/^facts ([a-z]+) /gm)].map(([, name]) => `factbus-${name}`),
    ]),
  ];

  it('names many things', () => expect(named.length).toBeGreaterThan(15));

  it.each(named)('names what there is: %s', (name) => {
    expect(names).toContain(name);
  });
});
