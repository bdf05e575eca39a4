import { Validations } from 'aws-cdk-lib';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, it } from 'vitest';
import type { FactbusApp } from '../../lib/factbus-app.ts';
import { app } from './synthesised.ts';

/** Everything that the rules find and nobody acknowledged, warnings included. */
function findingsIn(factbus: FactbusApp): readonly string[] {
  return new AwsSolutionsChecks(factbus)
    .validateScope(factbus)
    .violations.flatMap(({ ruleName, violatingResources }) =>
      violatingResources.map(({ constructPath }) => `${ruleName} ${constructPath}`),
    );
}

/** What is acknowledged, where, and why. */
function acknowledgementsIn(factbus: FactbusApp) {
  return factbus.node.findAll().flatMap(({ node }) =>
    node.metadata
      .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
      .flatMap(({ data }) => Object.entries<string>(data))
      .map(([rule, reason]) => ({ path: node.path, rule: rule.replace('Annotation::', ''), reason })),
  );
}

const stages = [{ stage: 'dev' }, { stage: 'prod' }, { stage: 'try-out', durable: 'false' }];

describe("AWS's rules for well-built solutions", () => {
  it.each(stages)('find nothing that is not acknowledged: %o', (context) => {
    expect(findingsIn(app(context))).toEqual([]);
  });

  it.each(stages)('are acknowledged with a reason: %o', (context) => {
    const acknowledged = acknowledgementsIn(app(context));

    expect(acknowledged.length).toBeGreaterThan(0);
    expect(acknowledged.filter(({ reason }) => reason.split(' ').length < 5)).toEqual([]);
  });

  it('are acknowledged for one resource at a time', () => {
    expect(acknowledgementsIn(app()).filter(({ path }) => path.split('/').length < 3)).toEqual([]);
  });

  it('accept dead-letter queues without one of their own, and in disposable stages tables that cannot be restored', () => {
    expect([...new Set(acknowledgementsIn(app({ stage: 'prod' })).map(({ rule }) => rule))]).toEqual([
      'AwsSolutions-SQS3',
    ]);
    expect([...new Set(acknowledgementsIn(app()).map(({ rule }) => rule))].sort()).toEqual([
      'AwsSolutions-DDB3',
      'AwsSolutions-SQS3',
    ]);
  });

  it('stop the synthesis otherwise', () => {
    const factbus = app();
    new Queue(factbus.stack, 'Careless');

    expect(findingsIn(factbus)).toEqual([
      'AwsSolutions-SQS3 factbus/Careless/Resource',
      'AwsSolutions-SQS4 factbus/Careless/Resource',
    ]);
    expect(() => factbus.synth()).toThrow("Acknowledge with 'AwsSolutions::AwsSolutions-SQS3'");
  });
});
