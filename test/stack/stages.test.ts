import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { stageSettings } from '../../lib/stage.ts';
import { app, type QueueProperties, resourcesOf, templateOf } from './synthesised.ts';

interface TableProperties {
  readonly TableName: string;
  readonly DeletionProtectionEnabled: boolean;
  readonly PointInTimeRecoverySpecification: { readonly PointInTimeRecoveryEnabled: boolean };
}

/** What is left of a stage when its stack is deleted. */
function leftOf(template: Template): readonly string[] {
  const resources: Record<string, { Type: string; DeletionPolicy?: string }> = template.toJSON().Resources;
  const left = Object.values(resources).filter(({ DeletionPolicy }) => DeletionPolicy === 'RetainExceptOnCreate');
  return [...new Set(left.map(({ Type }) => Type))].sort();
}

function tablesOf(template: Template) {
  return Object.values(resourcesOf<TableProperties>(template, 'AWS::DynamoDB::Table'));
}

describe('dev', () => {
  it('is called factbus', () => {
    expect(app().stack.stackName).toBe('factbus');
    templateOf('dev').hasResourceProperties('AWS::Events::EventBus', { Name: 'factbus' });
  });

  it('leaves nothing behind', () => {
    expect(leftOf(templateOf('dev'))).toEqual([]);
    for (const { Properties, ...table } of tablesOf(templateOf('dev'))) {
      expect(table).toMatchObject({ DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Delete' });
      expect(Properties).toMatchObject({
        DeletionProtectionEnabled: false,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: false },
      });
    }
  });

  it('remembers events and logs for a week', () => {
    templateOf('dev').hasResourceProperties('AWS::Events::Archive', { RetentionDays: 7 });
    templateOf('dev').allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 7 });
  });
});

describe('any other stage', () => {
  it('has its name in every other name', () => {
    expect(app({ stage: 'prod' }).stack.stackName).toBe('factbus-prod');
    templateOf('prod').hasResourceProperties('AWS::Events::EventBus', { Name: 'factbus-prod' });
    const queues = Object.values(resourcesOf<QueueProperties>(templateOf('prod'), 'AWS::SQS::Queue'));
    for (const { Properties } of queues) expect(Properties.QueueName).toMatch(/^factbus-prod-/);
  });

  it('keeps its tables from being lost', () => {
    const tables = tablesOf(templateOf('prod'));

    expect(tables.length).toBeGreaterThan(0);
    for (const { Properties, ...table } of tables) {
      expect(table).toMatchObject({ DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' });
      expect(Properties).toMatchObject({
        DeletionProtectionEnabled: true,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      });
    }
  });

  it('keeps the archive, and the bus that it replays to', () => {
    expect(leftOf(templateOf('prod'))).toEqual([
      'AWS::DynamoDB::Table',
      'AWS::Events::Archive',
      'AWS::Events::EventBus',
    ]);
    templateOf('prod').hasResourceProperties('AWS::Events::Archive', { RetentionDays: 90 });
    templateOf('prod').allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 90 });
  });

  it('has to know whom its mail comes from', () => {
    expect(() => app({ stage: 'prod', mailFrom: undefined })).toThrow('mailFrom is not given: a durable stage needs');
  });

  it('can be one to throw away', () => {
    expect(leftOf(Template.fromStack(app({ stage: 'try-out', durable: 'false' }).stack))).toEqual([]);
  });
});

describe('the archive', () => {
  it.each(['dev', 'prod'] as const)('records every event of the bus: %s', (stage) => {
    const archives = resourcesOf<{ EventPattern?: unknown; SourceArn: unknown }>(
      templateOf(stage),
      'AWS::Events::Archive',
    );
    const [bus] = Object.keys(templateOf(stage).findResources('AWS::Events::EventBus'));

    expect(Object.values(archives)).toHaveLength(1);
    for (const { Properties } of Object.values(archives)) {
      expect(Properties.EventPattern).toBeUndefined();
      expect(Properties.SourceArn).toEqual({ 'Fn::GetAtt': [bus, 'Arn'] });
    }
  });
});

describe('a context that does not fit', () => {
  it('is refused with all that is wrong', () => {
    const synthesise = () => app({ stage: '-prod-', durable: 'yes', mailFrom: 'the shop' });

    expect(synthesise).toThrow("stage is '-prod-': give 1–20 letters, digits and hyphens");
    expect(synthesise).toThrow("durable is 'yes': give true or false");
    expect(synthesise).toThrow("mailFrom is 'the shop': give one mail address");
  });

  it('is refused with all its deadlines that SQS could not hold a message back for', () => {
    const synthesise = () =>
      app({ stage: '-', orderDeadline: '901', shippingDeadline: '0', settlementDeadline: 'soon' });

    expect(synthesise).toThrow("stage is '-'");
    expect(synthesise).toThrow("orderDeadline is '901': give whole seconds, 1 to 900");
    expect(synthesise).toThrow("shippingDeadline is '0': give whole seconds, 1 to 900");
    expect(synthesise).toThrow("settlementDeadline is 'soon': give whole seconds, 1 to 900");
  });

  describe.each(['orderDeadline', 'shippingDeadline', 'settlementDeadline'])('the %s', (deadline) => {
    const settings = (value: unknown) => stageSettings(new App({ context: { [deadline]: value } }).node);

    it.each(['1', '30', '0030', '900', 1, 900])('may be %j', (value) => {
      expect(() => settings(value)).not.toThrow();
    });

    it.each([
      '',
      ' ',
      '30 ',
      '+30',
      '-1',
      '1.5',
      '1e2',
      '0x1e',
      '15 minutes',
      'PT15M',
      901,
      0,
      -1,
      1.5,
      true,
      [30],
      {},
    ])('may not be %j', (value) => {
      expect(() => settings(value)).toThrow(`${deadline} is`);
    });
  });

  it.each(['a', 'prod', 'Prod-2', 'x'.repeat(20)])('is not one with the stage %s', (stage) => {
    expect(app({ stage }).stack.stackName).toBe(`factbus-${stage}`);
  });

  it.each(['', 'a_b', 'a b', 'prod-', 'x'.repeat(21), 7])('is one with the stage %j', (stage) => {
    expect(() => app({ stage })).toThrow('stage is');
  });
});
