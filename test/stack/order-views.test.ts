import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { app, type FunctionProperties, type QueueProperties, type RuleProperties, resourcesOf } from './synthesised.ts';

/** Logical ids of all resources, whose change would be a replacement. */
function idsOf(template: Template): readonly string[] {
  return Object.keys(template.toJSON().Resources);
}

describe('a second generation of the order view', () => {
  const one = Template.fromStack(app().stack);
  const two = Template.fromStack(app({ orderViews: '1,2' }).stack);

  it('stands beside the first and changes nothing of it', () => {
    expect(idsOf(two)).toEqual(expect.arrayContaining([...idsOf(one)]));
    const queues = Object.values(resourcesOf<QueueProperties>(two, 'AWS::SQS::Queue')).map(
      ({ Properties }) => Properties.QueueName,
    );
    expect(queues.filter((name) => name.startsWith('factbus-order-view')).sort()).toEqual([
      'factbus-order-view',
      'factbus-order-view-2',
      'factbus-order-view-2-dlq',
      'factbus-order-view-2-target-dlq',
      'factbus-order-view-dlq',
      'factbus-order-view-target-dlq',
    ]);
  });

  it('receives the same facts and writes into a table of its own', () => {
    const patterns = Object.values(resourcesOf<RuleProperties>(two, 'AWS::Events::Rule'))
      .filter(({ Properties }) => /order-view(-2)?$/.test(Properties.Name))
      .map(({ Properties }) => Properties.EventPattern);
    expect(patterns).toHaveLength(2);
    expect(patterns[0]).toEqual(patterns[1]);
    const tables = Object.values(resourcesOf<FunctionProperties>(two, 'AWS::Lambda::Function'))
      .filter(({ Properties }) => /order-view(-2)?$/.test(Properties.FunctionName))
      .map(({ Properties }) => JSON.stringify(Properties.Environment.Variables.READ_MODEL_TABLE));
    expect(new Set(tables).size).toBe(2);
  });

  it('can be all that there is', () => {
    const template = Template.fromStack(app({ orderViews: '2' }).stack);
    const names = Object.values(resourcesOf<FunctionProperties>(template, 'AWS::Lambda::Function')).map(
      ({ Properties }) => Properties.FunctionName,
    );
    expect(names.filter((name) => name.includes('order-view'))).toEqual(['factbus-order-view-2']);
  });

  it.each(['', '0', '1,1', '2,x', '1.5', '1,1000', 'all'])('is refused as orderViews=%s', (orderViews) => {
    expect(() => app({ orderViews })).toThrow(/orderViews is '.*': give different whole numbers/);
  });
});
