import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { disposable, durable } from './backbone/durability.ts';
import { FactBus } from './backbone/fact-bus.ts';
import { Monitoring } from './backbone/monitoring.ts';
import { Inventory } from './shop/inventory.ts';
import { Notifications } from './shop/notifications.ts';
import { OrderView } from './shop/order-view.ts';
import { Orders } from './shop/orders.ts';
import { Payments } from './shop/payments.ts';
import { ReadModels } from './shop/read-models.ts';
import { Shipping } from './shop/shipping.ts';
import type { StageSettings } from './stage.ts';

/** The backbone and the shop on it: all of one stage. */
export class FactbusStack extends Stack {
  constructor(scope: Construct, stage: StageSettings, props: StackProps = {}) {
    super(scope, stage.busName, { description: `factbus, stage ${stage.name}`, ...props });

    const bus = new FactBus(this, 'Bus', {
      name: stage.busName,
      durability: stage.durable ? durable : disposable,
      ...(stage.alarmsTo !== undefined && { alarmsTo: stage.alarmsTo }),
    });
    const orders = new Orders(this, 'Orders', bus, stage.deadlines);
    const inventory = new Inventory(this, 'Inventory', bus);
    const payments = new Payments(this, 'Payments', bus);
    const shipping = new Shipping(this, 'Shipping', bus, stage.deadlines);
    const notifications = new Notifications(this, 'Notifications', bus, stage.mailFrom);
    const [orderView] = stage.orderViews.map((generation) => {
      return new OrderView(this, generation === 1 ? 'OrderView' : `OrderView${generation}`, bus, generation);
    });
    new ReadModels(this, 'ReadModels', bus);
    new Monitoring(this, 'Monitoring', bus);

    const outputs = {
      BusName: bus.eventBus.eventBusName,
      OrdersTable: orders.store.table.tableName,
      InventoryTable: inventory.store.table.tableName,
      PaymentsTable: payments.store.table.tableName,
      ShippingTable: shipping.store.table.tableName,
      ...(orderView && { OrderViewTable: orderView.table.tableName }),
      ContactsTable: notifications.contacts.tableName,
    };
    for (const [name, value] of Object.entries(outputs)) new CfnOutput(this, name, { value });
  }
}
