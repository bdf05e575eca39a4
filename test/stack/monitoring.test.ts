import { existsSync, readFileSync } from 'node:fs';
import { Duration } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { CfnSubscription } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { describe, expect, it } from 'vitest';
import { METRICS } from '../../functions/backbone/metrics.ts';
import { payments } from '../../functions/payments/subscriptions.ts';
import { Consumer } from '../../lib/backbone/consumer.ts';
import { EventStore } from '../../lib/backbone/event-store.ts';
import {
  app,
  consumerOf,
  emptyBus,
  type FunctionProperties,
  type MappingProperties,
  type QueueProperties,
  type Reference,
  referred,
  resourcesOf,
  templateOf,
} from './synthesised.ts';

interface MetricStat {
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Dimensions?: readonly { readonly Name: string; readonly Value: string | Reference }[];
}

interface AlarmProperties extends Partial<MetricStat> {
  readonly AlarmName: string;
  readonly AlarmDescription: string;
  readonly AlarmActions: readonly Reference[];
  readonly OKActions?: readonly Reference[];
  readonly Threshold: number;
  readonly Period?: number;
  readonly EvaluationPeriods: number;
  readonly ExtendedStatistic?: string;
  readonly TreatMissingData: string;
  readonly Metrics?: readonly { readonly MetricStat?: { readonly Metric: MetricStat } }[];
}

const alarmsOf = (template: Template): readonly AlarmProperties[] =>
  Object.values(resourcesOf<AlarmProperties>(template, 'AWS::CloudWatch::Alarm')).map(({ Properties }) => Properties);

/** What an alarm looks at, as `Errors of TheFunctionsLogicalId`, or with the values of its dimensions. */
function watched({ Metrics, ...single }: AlarmProperties): readonly string[] {
  const metrics = Metrics?.flatMap(({ MetricStat }) => (MetricStat === undefined ? [] : [MetricStat.Metric]));
  return (metrics ?? [single]).map(({ MetricName, Dimensions = [] }) => {
    const whose = Dimensions.map(({ Value }) => (typeof Value === 'string' ? Value : referred(Value)));
    return `${MetricName} of ${whose.sort().join(' ')}`;
  });
}

/** What nobody would be told of: what has no alarm of its kind. */
function withoutAlarm(template: Template): readonly string[] {
  const isWatched = new Set(alarmsOf(template).flatMap(watched));
  const queues = resourcesOf<QueueProperties>(template, 'AWS::SQS::Queue');
  const functions = resourcesOf<FunctionProperties>(template, 'AWS::Lambda::Function');
  const sources = Object.values(resourcesOf<MappingProperties>(template, 'AWS::Lambda::EventSourceMapping')).map(
    ({ Properties: { EventSourceArn, FunctionName } }) => ({
      source: referred(EventSourceArn),
      called: referred(FunctionName),
    }),
  );
  const isSource = (id: string) => sources.some(({ source }) => source === id);
  const needed = [
    ...Object.keys(queues).map((id) =>
      isSource(id) ? `ApproximateAgeOfOldestMessage of ${id}` : `ApproximateNumberOfMessagesVisible of ${id}`,
    ),
    ...Object.keys(functions).flatMap((id) => [`Errors of ${id}`, `Throttles of ${id}`]),
    ...sources.map(({ source, called }) => {
      if (!(source in queues)) return `IteratorAge of ${called}`;
      const { SUBSCRIPTION, POWERTOOLS_SERVICE_NAME } = functions[called]?.Properties.Environment.Variables ?? {};
      return `ConsumerLag of ${[SUBSCRIPTION, POWERTOOLS_SERVICE_NAME].sort().join(' ')}`;
    }),
  ];
  return needed.filter((one) => !isWatched.has(one));
}

const alarms = alarmsOf(templateOf('dev'));

function alarmOf(template: Template, name: string): AlarmProperties {
  const found = alarmsOf(template).find(({ AlarmName }) => AlarmName === name);
  if (found === undefined) throw new Error(`there is no alarm ${name}`);
  return found;
}

describe('alarms', () => {
  it.each(['dev', 'prod'] as const)('are on every queue, function and stream: %s', (stage) => {
    expect(withoutAlarm(templateOf(stage))).toEqual([]);
  });

  it('are missed where they are missing', () => {
    const { stack } = emptyBus();
    new Queue(stack, 'Careless', { queueName: 'careless' });

    expect(withoutAlarm(Template.fromStack(stack))).toEqual([
      expect.stringMatching(/^ApproximateNumberOfMessagesVisible of Careless/),
    ]);
  });

  it('come with a consumer, and with an event store', () => {
    const { stack, bus } = emptyBus();
    new EventStore(stack, 'Store', { bus, context: 'toys', source: 'shop.toys' });

    expect(withoutAlarm(Template.fromStack(stack))).toEqual([]);
    expect(withoutAlarm(Template.fromStack(consumerOf(payments, { delay: Duration.minutes(2) }).stack))).toEqual([]);
    const fifo = { groupBy: '$.detail.metadata.subject' };
    expect(withoutAlarm(Template.fromStack(consumerOf(payments, { fifo }).stack))).toEqual([]);
  });

  it('all go to one topic, when they are raised and not when they are over', () => {
    const [topic, ...others] = Object.keys(templateOf('dev').findResources('AWS::SNS::Topic'));

    expect(others).toEqual([]);
    for (const { AlarmActions, OKActions } of alarms) {
      expect(AlarmActions).toEqual([{ Ref: topic }]);
      expect(OKActions).toBeUndefined();
    }
  });

  it('say nothing where nothing happens', () => {
    expect([...new Set(alarms.map(({ TreatMissingData }) => TreatMissingData))]).toEqual(['notBreaching']);
  });

  it.each(['dev', 'prod'] as const)("have names that begin with the stage's: %s", (stage) => {
    const names = alarmsOf(templateOf(stage)).map(({ AlarmName }) => AlarmName);

    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(stage === 'dev' ? /^factbus-/ : /^factbus-prod-/);
  });

  it('are told of dead letters at the first', () => {
    const deadLetters = alarms.filter(({ MetricName }) => MetricName === 'ApproximateNumberOfMessagesVisible');

    expect(deadLetters.length).toBeGreaterThan(0);
    for (const alarm of deadLetters) expect(alarm).toMatchObject({ Threshold: 0, EvaluationPeriods: 1 });
  });
});

describe('the runbook of an alarm', () => {
  const pageOf = ({ AlarmDescription }: AlarmProperties) => /docs\/runbooks\/[a-z-]+\.md$/.exec(AlarmDescription)?.[0];

  it('is named by it, and there', () => {
    expect(alarms.filter((alarm) => !existsSync(pageOf(alarm) ?? '')).map(({ AlarmName }) => AlarmName)).toEqual([]);
  });

  it('is listed under the name of the alarm', () => {
    const list = readFileSync('docs/runbooks/README.md', 'utf8');
    const rows = [
      ...list.matchAll(/^\| `factbus-(?<name>[^`]+)` \| [^|]+ \| \[[^\]]+\]\((?<page>[a-z-]+\.md)\) \|$/gm),
    ];
    const patterns = rows.map(({ groups }) => ({
      name: new RegExp(`^factbus-${groups?.name?.replaceAll(/<\w+>/g, '[a-z-]+?')}$`),
      page: `docs/runbooks/${groups?.page}`,
    }));

    const unlisted = alarms.filter(
      (alarm) => !patterns.some(({ name, page }) => name.test(alarm.AlarmName) && page === pageOf(alarm)),
    );
    expect(unlisted.map(({ AlarmName }) => AlarmName)).toEqual([]);
    const idle = patterns.filter(({ name }) => !alarms.some(({ AlarmName }) => name.test(AlarmName)));
    expect(idle).toEqual([]);
  });
});

describe('an order', () => {
  it('that is cancelled and does not settle is told of once, by an alarm of its own', () => {
    const alarm = alarmOf(templateOf('dev'), 'factbus-orders-unsettled');

    expect(alarm).toMatchObject({ MetricName: 'ApproximateNumberOfMessagesVisible', Threshold: 0 });
    expect(alarm.AlarmDescription).toContain('docs/runbooks/unsettled-order.md');
    expect(alarms.map(({ AlarmName }) => AlarmName)).not.toContain('factbus-orders-settlement-dead-letters');
    // It comes again for an hour at most before it is a dead letter.
    expect(alarmOf(templateOf('dev'), 'factbus-orders-settlement-old-messages').Threshold).toBe(900 + 2 * 3600);
  });

  it('that passes its deadline is told of', () => {
    const alarm = alarmOf(templateOf('prod'), 'factbus-prod-orders-past-deadline');

    expect(alarm).toMatchObject({ Namespace: 'factbus-prod', MetricName: 'SagaOutcomes', Threshold: 0 });
    expect(watched(alarm)).toEqual(['SagaOutcomes of deadline_passed orders']);
  });
});

describe('thresholds', () => {
  const thresholdsOf = (template: Template) =>
    Object.fromEntries(
      alarmsOf(template).map(({ AlarmName, Threshold }) => [AlarmName.replace('testbus-', ''), Threshold]),
    );

  it('are what the constructs say unless others are given', () => {
    expect(thresholdsOf(Template.fromStack(consumerOf(payments).stack))).toEqual({
      'payments-dead-letters': 0,
      'payments-undelivered': 0,
      'payments-old-messages': 15 * 60,
      'payments-lag': 60_000,
      'payments-errors': 0.05,
      'payments-throttles': 0,
    });
  });

  it('can be given', () => {
    const given = { lag: Duration.seconds(5), oldestMessage: Duration.hours(1), errorRate: 0.5, throttles: 7 };

    expect(thresholdsOf(Template.fromStack(consumerOf(payments, { alarms: given }).stack))).toMatchObject({
      'payments-old-messages': 3_600,
      'payments-lag': 5_000,
      'payments-errors': 0.5,
      'payments-throttles': 7,
    });
  });

  it('leave out what the queue itself holds back', () => {
    expect(thresholdsOf(Template.fromStack(consumerOf(payments, { delay: Duration.minutes(10) }).stack))).toMatchObject(
      { 'payments-old-messages': (10 + 15) * 60, 'payments-lag': 11 * 60_000 },
    );
  });

  it('can be given for a relay', () => {
    const { stack, bus } = emptyBus();
    const alarms = { iteratorAge: Duration.minutes(10), throttles: 1 };
    new EventStore(stack, 'Store', { bus, context: 'toys', source: 'shop.toys', alarms });

    expect(thresholdsOf(Template.fromStack(stack))).toEqual({
      'toys-relay-dead-letters': 0,
      'toys-relay-behind': 600_000,
      'toys-relay-errors': 0.05,
      'toys-relay-throttles': 1,
    });
  });

  it('are all told at once what is wrong with them', () => {
    const alarms = { lag: Duration.millis(10), oldestMessage: Duration.days(4), errorRate: 5, throttles: 0.5 };

    expect(() => consumerOf(payments, { alarms })).toThrow(
      [
        "Consumer 'Test/Consumer' has 4 faults in its props:",
        'alarms.errorRate is 5: give a share from 0 to below 1, such as 0.05',
        'alarms.throttles is 0.5: give a whole number from 0',
        'alarms.lag is 10 millis: give at least a second',
        'alarms.oldestMessage is 4 days: give a minute or more, and less than 4 days',
      ].join('\n  - '),
    );
    const { stack, bus } = emptyBus();
    const iteratorAge = Duration.hours(20);
    const props = { bus, context: 'toys', source: 'shop.toys', alarms: { iteratorAge } };
    expect(() => new EventStore(stack, 'Store', props)).toThrow(
      'alarms.iteratorAge is 20 hours: give a second or more, and less than 20 hours',
    );
  });
});

describe('what alarms cost', () => {
  const metricsIn = (template: Template) => alarmsOf(template).flatMap(watched).length;
  const page = readFileSync('docs/metrics.md', 'utf8');

  it('is what docs/metrics.md says: they are paid for by the metrics that they look at', () => {
    const { stack, bus } = emptyBus();
    new EventStore(stack, 'Store', { bus, context: 'toys', source: 'shop.toys' });

    const [consumer, store] = [
      metricsIn(Template.fromStack(consumerOf(payments).stack)),
      metricsIn(Template.fromStack(stack)),
    ];
    expect(page).toContain(`${consumer} for a consumer, ${store} for an\nevent store`);
    expect(page).toContain(`The shop's are ${Math.round((metricsIn(templateOf('dev')) - 10) * 0.1)} USD a month`);
  });

  it('is little beside that of the metrics, which are counted there too', () => {
    const consumers = app()
      .node.findAll()
      .filter((one) => one instanceof Consumer);
    const facts = consumers.flatMap(({ subscription }) => Object.keys(subscription.facts));

    expect(page).toContain(
      `${consumers.length} consumers with ${facts.length} facts: ${3 * consumers.length + facts.length}`,
    );
  });
});

describe('the topic', () => {
  it('takes alarms of its stage, by TLS, and nothing else', () => {
    const [policy] = Object.values(
      resourcesOf<{ PolicyDocument: { Statement: readonly Record<string, unknown>[] } }>(
        templateOf('prod'),
        'AWS::SNS::TopicPolicy',
      ),
    );

    expect(policy?.Properties.PolicyDocument.Statement).toEqual([
      expect.objectContaining({
        Effect: 'Deny',
        Action: 'sns:Publish',
        Principal: '*',
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      }),
      expect.objectContaining({
        Effect: 'Allow',
        Action: 'sns:Publish',
        Principal: { Service: 'cloudwatch.amazonaws.com' },
        Condition: {
          StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
          ArnLike: {
            'aws:SourceArn': {
              'Fn::Join': ['', expect.arrayContaining([expect.stringMatching(/:alarm:factbus-prod-\*$/)])],
            },
          },
        },
      }),
    ]);
  });

  it('tells nobody unless somebody is named', () => {
    templateOf('dev').resourceCountIs('AWS::SNS::Subscription', 0);

    const constructs = app({ alarmsTo: 'ops@example.com' }).stack.node.findAll();
    expect(constructs.filter((one) => one instanceof CfnSubscription)).toEqual([
      expect.objectContaining({ protocol: 'email', endpoint: 'ops@example.com' }),
    ]);
  });

  it('does not tell what is no mail address', () => {
    expect(() => app({ alarmsTo: 'the operators' })).toThrow(
      "alarmsTo is 'the operators': give one mail address, such as ops@example.com",
    );
  });
});

describe('the dashboard', () => {
  const [dashboard, ...others] = Object.values(
    resourcesOf<{ DashboardName: string; DashboardBody: unknown }>(templateOf('prod'), 'AWS::CloudWatch::Dashboard'),
  );
  const body = JSON.stringify(dashboard?.Properties.DashboardBody);

  it('is one', () => {
    expect(dashboard?.Properties.DashboardName).toBe('factbus-prod-dashboard');
    expect(others).toEqual([]);
  });

  it.each(['AWS::SQS::Queue', 'AWS::Lambda::Function', 'AWS::DynamoDB::Table', 'AWS::CloudWatch::Alarm'])(
    'shows every %s of the stack, whatever the order in which they are added',
    (type) => {
      const ids = Object.keys(templateOf('prod').findResources(type));

      expect(ids.length).toBeGreaterThan(0);
      expect(ids.filter((id) => !body.includes(`"${id}"`))).toEqual([]);
    },
  );

  it('shows every metric that the functions write, of its own stage', () => {
    const searched = [...body.matchAll(/SEARCH\('\{(?<schema>[^}]+)\} MetricName=(?<name>[^']+)'/g)].map(({ groups }) =>
      [groups?.name, groups?.schema].map((part) => part?.replaceAll(/[\\"]/g, '')),
    );

    expect(Object.fromEntries(searched)).toEqual(
      Object.fromEntries(
        Object.entries(METRICS).map(([name, { of, by }]) => [
          name,
          ['factbus-prod', 'service', ...(of === 'consumer' ? ['consumer'] : []), ...by].join(','),
        ]),
      ),
    );
  });

  it.each(['Flow', 'Lag', 'Failures', 'Sagas', 'Cost drivers'])('has a part for it: %s', (part) => {
    expect(body).toContain(`### ${part}:`);
  });
});

describe('metrics', () => {
  it.each(['dev', 'prod'] as const)('of stages in one account do not count together: %s', (stage) => {
    const functions = Object.values(resourcesOf<FunctionProperties>(templateOf(stage), 'AWS::Lambda::Function'));
    const namespaces = functions.map(({ Properties }) => Properties.Environment.Variables.POWERTOOLS_METRICS_NAMESPACE);

    expect([...new Set(namespaces)]).toEqual([stage === 'dev' ? 'factbus' : 'factbus-prod']);
  });
});
