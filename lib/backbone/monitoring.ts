import { Lazy, Stack } from 'aws-cdk-lib';
import {
  Alarm,
  AlarmState,
  AlarmStatusWidget,
  CfnDashboard,
  Column,
  GraphWidget,
  type IMetric,
  type IWidget,
  LegendPosition,
  MathExpression,
  Metric,
  Row,
  Stats,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { METRICS, type MetricName } from '../../functions/backbone/metrics.ts';
import { BackboneFunction } from './backbone-function.ts';
import { Consumer } from './consumer.ts';
import { EventStore } from './event-store.ts';
import type { FactBus } from './fact-bus.ts';
import { OnDemandTable } from './on-demand-table.ts';

/** A dashboard is so many columns wide: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html */
const WIDTH = 24;

/** An alarm widget shows so many at most. */
const MOST_ALARMS = 100;

/**
 * One dashboard for everything on a bus: what is wrong now, then what flows, how late it is, what fails, how sagas end, how
 * long handlers take, and what the bill comes from.
 *
 * It is drawn when the app is synthesised, of all that is in the stack then: who adds a context changes nothing here.
 *
 * @example new Monitoring(this, 'Monitoring', bus);
 */
export class Monitoring extends Construct {
  readonly #bus: FactBus;

  constructor(scope: Construct, id: string, bus: FactBus) {
    super(scope, id);
    this.#bus = bus;
    const stack = Stack.of(this);
    new CfnDashboard(this, 'Dashboard', {
      dashboardName: bus.nameFor('dashboard'),
      dashboardBody: Lazy.string({ produce: () => stack.toJsonString({ start: '-PT8H', widgets: this.#widgets() }) }),
    });
  }

  #widgets(): readonly unknown[] {
    const rows = [
      this.#whatIsWrong(),
      ...this.#flow(),
      ...this.#lag(),
      ...this.#failures(),
      ...this.#sagas(),
      ...this.#cost(),
    ];
    const all = new Column(...rows);
    all.position(0, 0);
    return all.toJson();
  }

  #whatIsWrong(): IWidget {
    const alarms = this.#all(Alarm);
    const widgets = chunks(alarms, MOST_ALARMS).map(
      (chunk) =>
        new AlarmStatusWidget({ title: 'Alarms', alarms: chunk, states: [AlarmState.ALARM], width: WIDTH, height: 3 }),
    );
    return new Column(...widgets);
  }

  #flow(): readonly IWidget[] {
    return [
      heading('Flow: facts that contexts publish, and events that consumers handle'),
      row(
        graph('Facts published', [this.#searched('FactsPublished', Stats.SUM)], { stacked: true }),
        graph('Events handled', [this.#searched('EventsHandled', Stats.SUM)], { stacked: true }),
        graph('Duplicates met', [this.#searched('DuplicatesMet', Stats.SUM)]),
      ),
      row(
        graph('Handler duration by fact, p95, ms', [this.#searched('HandlerDuration', Stats.p(95))]),
        graph('Lost races for a version', [this.#searched('CommitConflicts', Stats.SUM)]),
        graph(
          'Calls at a time',
          this.#all(BackboneFunction).map((one) =>
            named(one.metric('ConcurrentExecutions', { statistic: 'Maximum' }), one),
          ),
        ),
      ),
    ];
  }

  #lag(): readonly IWidget[] {
    return [
      heading('Lag: from the fact to its handling, from the commit to the bus, from the beginning of a flow'),
      row(
        graph('Consumer lag, p95, ms', [this.#searched('ConsumerLag', Stats.p(95))]),
        graph('Relay delay, p95, ms', [this.#searched('RelayDelay', Stats.p(95))]),
        graph('End-to-end age, p95, ms', [this.#searched('EndToEndAge', Stats.p(95))]),
      ),
      row(
        graph(
          'Oldest message, s',
          this.#all(Consumer).map(({ queue, subscription }) =>
            queue.metricApproximateAgeOfOldestMessage({ statistic: 'Maximum', label: subscription.name }),
          ),
        ),
        graph(
          'Messages in queues',
          this.#all(Consumer).map(({ queue, subscription }) =>
            queue.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum', label: subscription.name }),
          ),
        ),
        graph(
          'Iterator age of relays, ms',
          this.#all(EventStore).map(({ relay }) => named(relay.metric('IteratorAge', { statistic: 'Maximum' }), relay)),
        ),
      ),
    ];
  }

  #failures(): readonly IWidget[] {
    const functions = this.#all(BackboneFunction);
    const deadLetterQueues = [
      ...this.#all(Consumer).flatMap(({ deadLetterQueue, targetDeadLetterQueue }) => [
        deadLetterQueue,
        targetDeadLetterQueue,
      ]),
      ...this.#all(EventStore).map(({ relayDeadLetterQueue }) => relayDeadLetterQueue),
    ];
    return [
      heading('Failures: what waits for somebody, what comes again, what crashes'),
      row(
        graph(
          'Messages in dead-letter queues',
          deadLetterQueues.map((queue) =>
            queue.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum', label: queue.queueName }),
          ),
        ),
        graph('Dead letters by reason', [this.#searched('DeadLetters', Stats.SUM)], { stacked: true }),
        graph('Publish failures, and commits refused', [
          this.#searched('PublishFailures', Stats.SUM),
          this.#searched('CommitsRefused', Stats.SUM),
        ]),
      ),
      row(
        graph('Retries, and events put off', [
          this.#searched('EventsRetried', Stats.SUM),
          this.#searched('EventsPutOff', Stats.SUM),
        ]),
        graph(
          'Errors of functions',
          functions.map((one) => named(one.metricErrors(), one)),
        ),
        graph(
          'Throttles of functions',
          functions.map((one) => named(one.metricThrottles(), one)),
        ),
      ),
    ];
  }

  #sagas(): readonly IWidget[] {
    return [
      heading('Sagas: how they end'),
      row(graph('Outcomes', [this.#searched('SagaOutcomes', Stats.SUM)], { stacked: true })),
    ];
  }

  #cost(): readonly IWidget[] {
    const functions = this.#all(BackboneFunction);
    const tables = this.#all(OnDemandTable);
    const capacity = (metricName: string) =>
      tables.map((table) => table.metric(metricName, { statistic: 'Sum', label: table.tableName }));
    return [
      heading('Cost drivers: what the bill comes from'),
      row(
        graph(
          'Time that functions run, ms',
          functions.map((one) => named(one.metricDuration({ statistic: 'Sum' }), one)),
          { stacked: true },
        ),
        graph(
          'Calls of functions',
          functions.map((one) => named(one.metricInvocations(), one)),
          { stacked: true },
        ),
        graph(
          'Bytes logged',
          functions.map((one) => named(bytesLogged(one), one)),
          { stacked: true },
        ),
      ),
      row(
        graph('Write units of tables', capacity('ConsumedWriteCapacityUnits'), { stacked: true }),
        graph('Read units of tables', capacity('ConsumedReadCapacityUnits'), { stacked: true }),
        graph(
          'Receives that found nothing',
          this.#all(Consumer).map(({ queue, subscription }) =>
            queue.metricNumberOfEmptyReceives({ label: subscription.name }),
          ),
          { stacked: true },
        ),
      ),
    ];
  }

  /** A metric of ours for all who measure it, now and later, by what it is told apart by. */
  #searched(name: MetricName, statistic: string): IMetric {
    const { of, by } = METRICS[name];
    const dimensions = ['service', ...(of === 'consumer' ? ['consumer'] : []), ...by];
    const schema = [this.#bus.metricsNamespace, ...dimensions].map((part) => `"${part}"`).join(',');
    const [, ...told] = dimensions;
    const label = (told.length > 0 ? told : dimensions).map((dimension) => `\${PROP('Dim.${dimension}')}`).join(' ');
    return new MathExpression({
      expression: `SEARCH('{${schema}} MetricName="${name}"', '${statistic}', 300)`,
      usingMetrics: {},
      label,
    });
  }

  /** Everything of a kind in the stack. */
  #all<Kind extends Construct>(kind: new (...args: never[]) => Kind): readonly Kind[] {
    return Stack.of(this)
      .node.findAll()
      .filter((construct): construct is Kind => construct instanceof kind);
  }
}

function heading(text: string): IWidget {
  return new TextWidget({ markdown: `### ${text}`, width: WIDTH, height: 1 });
}

function row(...widgets: readonly ((width: number) => IWidget)[]): IWidget {
  return new Row(...widgets.map((widget) => widget(WIDTH / widgets.length)));
}

function graph(title: string, left: readonly IMetric[], { stacked = false } = {}): (width: number) => IWidget {
  return (width) =>
    new GraphWidget({ title, left: [...left], stacked, width, height: 6, legendPosition: LegendPosition.RIGHT });
}

function named(metric: Metric, { functionName }: BackboneFunction): Metric {
  return metric.with({ label: functionName });
}

function bytesLogged({ logGroup }: BackboneFunction): Metric {
  return new Metric({
    namespace: 'AWS/Logs',
    metricName: 'IncomingBytes',
    dimensionsMap: { LogGroupName: logGroup.logGroupName },
    statistic: 'Sum',
  });
}

function chunks<T>(all: readonly T[], size: number): readonly T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, n) => all.slice(n * size, (n + 1) * size));
}
