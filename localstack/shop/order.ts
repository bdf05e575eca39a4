import { setTimeout as pause } from 'node:timers/promises';
import { type OrderView, readOrder } from '../../functions/order-view/view.ts';
import { orderIdOf } from '../../functions/orders/decider.ts';
import { CartCheckedOut } from '../../schemas/generated/facts.ts';
import type { Clients } from './clients.ts';
import type { Deployed } from './deploy.ts';
import { send } from './send.ts';
import { openTap, type Tapped } from './tap.ts';

/** A fact on an order's way. */
export interface Step {
  readonly type: string;
  readonly source: string;
  /** Since the cart was sent. */
  readonly sinceStartMs: number;
  /** The fact that it was decided from. */
  readonly causedBy: string | undefined;
}

/** How an order ended, or that it did not within the time given. */
export interface Journey {
  readonly orderId: string;
  /** Whether the order had ended before: the same cart is the same order. */
  readonly wasThere: boolean;
  readonly steps: readonly Step[];
  readonly end: 'shipped' | 'cancelled' | 'open';
  readonly view: OrderView | undefined;
}

/** The facts with which an order ends; what it held comes back after that. */
const ENDS: Readonly<Record<string, Exclude<Journey['end'], 'open'>>> = {
  OrderShipped: 'shipped',
  OrderCancelled: 'cancelled',
};

/** Nobody shall think that it hangs. */
const WORD_EVERY_MS = 15_000;

/** How long to watch that nothing follows a cart whose order had ended before. */
const UNCHANGED_MS = 3_000;

/** How long after its end an order's last mail, and the view, may take. */
const AFTERWARDS_MS = 10_000;

/**
 * Sends a cart with a bare PutEvents and watches what follows on the bus.
 *
 * @param onStep told each fact as it passes, after the one that caused it
 * @param onWait told every 15 s in which nothing has passed, with the time since the start
 * @param limitMs how long to wait for the order's end
 */
export async function followOrder(
  clients: Clients,
  { busName, tables }: Deployed,
  cart: CartCheckedOut,
  {
    onStep,
    onWait,
    limitMs,
  }: { onStep: (step: Step) => void; onWait: (sinceStartMs: number) => void; limitMs: number },
): Promise<Journey> {
  const orderId = orderIdOf(cart.cartId);
  const tap = await openTap(clients, busName);
  try {
    const before = (await readOrder(clients.documents, tables.orderView, orderId))?.status;
    const endBefore = before === 'shipped' || before === 'cancelled' ? before : undefined;
    const wasThere = endBefore !== undefined;
    const startMs = Date.now();
    const cartEvent = await send(clients.events, busName, CartCheckedOut, cart);
    const seen = new Map<string, string>();
    const steps: Step[] = [];
    let waiting: readonly Tapped[] = [];
    let end: Journey['end'] = endBefore ?? 'open';
    let isTold = false;
    let isQuiet = false;
    let lastWordMs = startMs;
    let untilMs = startMs + (wasThere ? UNCHANGED_MS : limitMs);
    while (Date.now() < untilMs && !(isTold && isQuiet && isUndone(end, steps))) {
      const passed = await tap.next();
      const own = passed.filter(
        ({ metadata: { id, correlationId } }) => id === cartEvent || correlationId === cartEvent,
      );
      waiting = [...waiting, ...own];
      if (Date.now() - lastWordMs >= WORD_EVERY_MS) {
        lastWordMs = Date.now();
        onWait(lastWordMs - startMs);
      }
      isQuiet = own.length === 0;
      // The bus knows no order: what passes before its cause waits for it.
      for (let next = ready(waiting, seen, cartEvent); next !== undefined; next = ready(waiting, seen, cartEvent)) {
        const { id, type, source, time, causationId = '' } = next.metadata;
        waiting = waiting.filter(({ metadata }) => metadata.id !== id);
        const causedBy = seen.get(causationId);
        seen.set(id, type);
        // The cart itself is the start: it has no time of its own, and EventBridge dates it to the second.
        const step = { type, source, causedBy, sinceStartMs: id === cartEvent ? 0 : Date.parse(time) - startMs };
        steps.push(step);
        onStep(step);
        lastWordMs = Date.now();
        if (ENDS[type] !== undefined) {
          end = ENDS[type];
          untilMs = Date.now() + AFTERWARDS_MS;
        }
        isTold ||= type === 'NotificationSent' && ENDS[causedBy ?? ''] !== undefined;
      }
    }
    return { orderId, wasThere, steps, end, view: await viewOf(clients, tables.orderView, orderId, { end, steps }) };
  } finally {
    await tap.close();
  }
}

/** Whether a cancelled order has given back what it held, as far as that has passed. */
function isUndone(end: Journey['end'], steps: readonly Step[]): boolean {
  const passed = (wanted: string) => steps.some(({ type }) => type === wanted);
  if (end !== 'cancelled') return true;
  return (
    (passed('InventoryReleased') || !passed('InventoryReserved')) &&
    (passed('PaymentRefunded') || !passed('PaymentCaptured'))
  );
}

function ready(waiting: readonly Tapped[], seen: ReadonlyMap<string, string>, start: string): Tapped | undefined {
  return waiting.find(({ metadata: { id, causationId } }) => id === start || seen.has(causationId ?? ''));
}

/** The view once it shows all that has passed on the bus; it is a read model, and may come after. */
async function viewOf(
  { documents }: Clients,
  table: string,
  orderId: string,
  { end, steps }: Pick<Journey, 'end' | 'steps'>,
): Promise<OrderView | undefined> {
  const untilMs = Date.now() + AFTERWARDS_MS;
  // All but the cart are facts about the order.
  const expected = steps.length - 1;
  while (true) {
    const view = await readOrder(documents, table, orderId);
    const isComplete = view !== undefined && view.timeline.length >= expected;
    if (isComplete || end === 'open' || Date.now() >= untilMs) return view;
    await pause(100);
  }
}
