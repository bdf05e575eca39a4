import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { orders, ordersDeadline, ordersSettlement } from '../../functions/orders/subscriptions.ts';
import type { OrderCancelled } from '../../schemas/generated/facts.ts';
import { BackboneAlarm } from '../backbone/alarm.ts';
import { Consumer } from '../backbone/consumer.ts';
import { EventStore } from '../backbone/event-store.ts';
import type { FactBus } from '../backbone/fact-bus.ts';
import { ownMetric } from '../backbone/own-metric.ts';
import type { Deadlines } from '../stage.ts';

const DEADLINE_PASSED: OrderCancelled['reason'] = 'deadline_passed';

/** Takes orders and sees them through: the saga's state is the order's own stream. */
export class Orders extends Construct {
  readonly store: EventStore;
  readonly consumer: Consumer;
  /** Gives up orders that are not confirmed in time. */
  readonly deadlineConsumer: Consumer;
  /** Looks after orders that were cancelled. */
  readonly settlementConsumer: Consumer;

  constructor(scope: Construct, id: string, bus: FactBus, deadlines: Pick<Deadlines, 'order' | 'settlement'>) {
    super(scope, id);
    this.store = new EventStore(this, 'Store', {
      bus,
      context: 'orders',
      source: 'shop.orders',
      relayEntry: 'functions/orders/relay-handler.ts',
    });
    const environment = { EVENT_STORE_TABLE: this.store.table.tableName };
    this.consumer = new Consumer(this, 'Consumer', {
      bus,
      subscription: orders,
      entry: 'functions/orders/handler.ts',
      environment,
    });
    this.deadlineConsumer = new Consumer(this, 'DeadlineConsumer', {
      bus,
      subscription: ordersDeadline,
      service: orders.name,
      entry: 'functions/orders/deadline-handler.ts',
      delay: deadlines.order,
      environment,
    });
    this.settlementConsumer = new Consumer(this, 'SettlementConsumer', {
      bus,
      subscription: ordersSettlement,
      service: orders.name,
      entry: 'functions/orders/settlement-handler.ts',
      delay: deadlines.settlement,
      deadLetters: {
        alarm: 'orders-unsettled',
        means: `A cancelled order still holds stock or money: ${bus.nameFor(ordersSettlement.name)}-dlq tells which`,
        runbook: 'unsettled-order',
      },
      // An order that does not settle comes again until it is a dead letter, and is told of once.
      alarms: { oldestMessage: Duration.hours(2) },
      environment,
    });
    for (const consumer of [this.consumer, this.deadlineConsumer, this.settlementConsumer]) {
      this.store.grantCommit(consumer.function);
    }

    new BackboneAlarm(this, 'PastDeadline', {
      bus,
      name: 'orders-past-deadline',
      means: 'Orders are cancelled because they were not confirmed within their deadline',
      runbook: 'deadline-passed',
      metric: ownMetric(
        bus.metricsNamespace,
        'SagaOutcomes',
        { service: orders.name, outcome: DEADLINE_PASSED },
        'Sum',
      ),
      above: 0,
    });
  }
}
