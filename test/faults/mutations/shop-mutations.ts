import type { Mutation } from './mutation.ts';

const ORDERS = 'functions/orders/decider.ts';
const PAYMENTS = 'functions/payments/decider.ts';
const SHIPPING = 'functions/shipping/decider.ts';
const RESERVATION = 'functions/inventory/reservation.ts';

/** Mistakes in the rules of the shop. */
export const SHOP_MUTATIONS: readonly Mutation[] = [
  {
    name: 'deadline ignored',
    breaks: 'An order that nobody confirms in time is left as it is.',
    file: ORDERS,
    find: `return stage.kind === 'placed' ? commit([cancelled(stage.order, 'deadline_passed')]) : skip();`,
    put: 'return skip();',
  },
  {
    name: 'cancellation before the cart forgotten',
    breaks: 'A request to cancel that came before its cart is not honoured.',
    file: ORDERS,
    find: `stage.cancellationRequested ? [cancelled(placed, 'requested')] : []`,
    put: '[]',
  },
  {
    name: 'cancelled after the point of no return',
    breaks: 'A customer can cancel what has been handed to shipping.',
    file: ORDERS,
    find: `    case 'confirmed':\n    case 'shipped':\n      return reject('too_late');`,
    put: `    case 'confirmed':\n      return [cancelled({ ...stage, orderId }, 'requested')];\n    case 'shipped':\n      return reject('too_late');`,
  },
  {
    name: 'release forgotten',
    breaks: 'The stock of a cancelled order stays held.',
    file: RESERVATION,
    find: `return commit([{ type: 'InventoryReleased', data }], reservation.lines.map(released));`,
    put: 'return commit([]);',
  },
  {
    name: 'order before its cancellation assumed',
    breaks: 'Inventory forgets a cancellation that comes before its order.',
    file: RESERVATION,
    find: `if (reservation.kind === 'unknown') return commit([{ type: 'ReservationForestalled', data: { orderId } }]);`,
    put: '',
  },
  {
    name: 'held without asking',
    breaks: 'Stock is held whether or not there is enough.',
    file: 'functions/inventory/stock.ts',
    find: `atLeast: { field: 'available', amount: quantity },`,
    put: '',
  },
  {
    name: 'delivery booked whenever it is told',
    breaks: 'A delivery that is told twice under two event ids comes in twice.',
    file: 'functions/inventory/delivery.ts',
    find: `if (state === 'booked') return skip();`,
    put: '',
  },
  {
    name: 'charged before stock is held',
    breaks: 'Payments does not wait for inventory.',
    file: PAYMENTS,
    find: 'if (!stockHeld || orderCancelled) return commit(learned);',
    put: 'if (orderCancelled) return commit(learned);',
  },
  {
    name: 'terms before stock assumed',
    breaks: 'Payments forgets that stock is held when it hears so before it knows the terms.',
    file: PAYMENTS,
    find: `? [] : [{ type: 'StockHeldNoted',`,
    put: `|| terms === undefined ? [] : [{ type: 'StockHeldNoted',`,
  },
  {
    name: 'terms before cancellation assumed',
    breaks: 'Payments forgets a cancellation that it hears of before it knows the terms.',
    file: PAYMENTS,
    find: `? [] : [{ type: 'OrderCancellationNoted',`,
    put: `|| terms === undefined ? [] : [{ type: 'OrderCancellationNoted',`,
  },
  {
    name: 'attempt in the key of a charge',
    breaks: 'A charge that is attempted again is another one to the provider.',
    file: PAYMENTS,
    find: 'const due = chargeOf(terms, charge.round);',
    put: 'const due = chargeOf(terms, charge.round + 1);',
  },
  {
    name: 'refund forgotten',
    breaks: 'The money of a cancelled order is kept.',
    file: PAYMENTS,
    find: `if (!orderCancelled || terms.amount === 0 || refund.kind === 'made') return commit(learned);`,
    put: 'return commit(learned);',
  },
  {
    name: 'charge under way forgotten',
    breaks: 'Nobody asks what became of a charge that was under way when its order was cancelled.',
    file: PAYMENTS,
    find: 'if (orderCancelled) return ask(due, { learned, lastAttemptMs: charge.lastMs });',
    put: 'if (orderCancelled) return commit(learned);',
  },
  {
    name: 'late charge dropped',
    breaks: 'A charge that comes true after its order was cancelled is not heard.',
    file: PAYMENTS,
    find: 'return terms !== undefined && mayComeTrue(charge) ? [captured(terms)] : [];',
    put: 'return terms !== undefined && mayComeTrue(charge) && !payment.orderCancelled ? [captured(terms)] : [];',
  },
  {
    name: 'dispatch deadline without the fence',
    breaks: 'At its deadline a shipment fails, whatever is under way.',
    file: SHIPPING,
    find: 'return ask(dispatchOf(shipment.due, shipment.round), { learned, lastAttemptMs: shipment.lastMs });',
    put: `return commit([failed(orderId, 'carrier_unavailable')]);`,
  },
  {
    name: 'customer taken for unknown',
    breaks: 'Of an order whose customer is not known yet nobody is told, now or later.',
    file: 'functions/notifications/consumer.ts',
    find: 'if (customerId === undefined)',
    put: `if (customerId === undefined) return '';
    if (customerId === undefined)`,
  },
  {
    name: 'newest by its time',
    breaks: 'The view takes the later of two facts for the newer, and those of one commit have one time.',
    file: 'functions/order-view/projection.ts',
    find: 'newest: { sequence, fields }',
    put: 'newest: { sequence: Date.parse(time), fields }',
  },
];
