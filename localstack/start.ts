import { parseArgs, styleText } from 'node:util';
import type { OrderView } from '../functions/order-view/view.ts';
import { CartCheckedOut } from '../schemas/generated/facts.ts';
import { explain, WrongUse } from './explain.ts';
import { type LocalAws, up } from './local-aws.ts';
import { terminalReport } from './report.ts';
import { readSettings } from './settings.ts';
import { clientsOf } from './shop/clients.ts';
import { type Deployed, deploy } from './shop/deploy.ts';
import { type KeptMail, keptMails } from './shop/mails.ts';
import { followOrder, type Journey, type Step } from './shop/order.ts';
import { SEED, seed } from './shop/seed.ts';

const HELP = `Brings a local AWS up, deploys the stack to it, sends one cart and shows the order's way.

  npm start                                      an order that is shipped
  npm start -- --payment tok_declined            one whose payment is refused
  npm start -- --quantity 5000                   one for more than there is

Options
  --payment <reference>   tok_ok, tok_declined, tok_insufficient_funds, tok_expired,
                          tok_flaky (fails twice), tok_down (never answers)       (default tok_ok)
  --address <reference>   addr_ok, addr_unreachable, addr_flaky, addr_down       (default addr_ok)
  --sku <sku>             what to order: ${SEED.deliveries.map(({ sku }) => sku).join(', ')}   (default ${SEED.deliveries[0].sku})
  --quantity <n>          how many of it                                               (default 2)
  --cart <id>             the cart's id; the same cart is the same order     (default a new one)
  --wait <seconds>        how long to wait for the order's end                       (default 60)
  --json                  the order's way as JSON on standard output, and nothing else there
  --help                  this

A call to the outside that fails is tried again, after a wait that grows. With tok_down or addr_down the
order is given up at its deadline, after 15 minutes: give it --wait 1200.

Exit codes: 0 the order was shipped, 1 something failed, 2 wrong use, 3 the order was cancelled,
4 the order had not ended in time.
`;

const EXIT = { shipped: 0, failed: 1, wrongUse: 2, refused: 3, open: 4 } as const;

/** Which option a field of the cart comes from. */
const OPTIONS: ReadonlyMap<string, string> = new Map([
  ['/cartId', '--cart'],
  ['/paymentMethod', '--payment'],
  ['/shippingAddress', '--address'],
  ['/lines/0/sku', '--sku'],
  ['/lines/0/quantity', '--quantity'],
]);

interface Wish {
  readonly cart: CartCheckedOut;
  readonly limitMs: number;
  readonly json: boolean;
}

function readArguments(): Wish | 'help' {
  let values: Partial<Record<string, string | boolean>>;
  try {
    const text = { type: 'string' } as const;
    ({ values } = parseArgs({
      options: {
        payment: { ...text, default: 'tok_ok' },
        address: { ...text, default: 'addr_ok' },
        sku: { ...text, default: SEED.deliveries[0].sku },
        quantity: { ...text, default: '2' },
        cart: { ...text, default: `cart-${Date.now().toString(36)}` },
        wait: { ...text, default: '60' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }));
  } catch (error) {
    throw new WrongUse(error instanceof Error ? error.message : String(error), { cause: error });
  }
  if (values.help === true) return 'help';
  const wait = Number(values.wait);
  if (!(wait > 0)) throw new WrongUse(`--wait is "${values.wait}"; it has to be a number of seconds.`);
  const cart = {
    cartId: values.cart,
    customerId: SEED.contacts[0].customerId,
    currency: 'EUR',
    lines: [{ sku: values.sku, quantity: Number(values.quantity), unitPrice: 1_250 }],
    paymentMethod: values.payment,
    shippingAddress: values.address,
  };
  if (!CartCheckedOut.accepts(cart)) {
    const faults = (CartCheckedOut.accepts.errors ?? []).map(({ instancePath, message }) => {
      return `${OPTIONS.get(instancePath) ?? instancePath} ${message}`;
    });
    throw new WrongUse(`That is no cart: ${faults.join('; ')}.`);
  }
  return { cart, limitMs: wait * 1000, json: values.json === true };
}

async function main(): Promise<number> {
  const wish = readArguments();
  if (wish === 'help') {
    process.stdout.write(HELP);
    return EXIT.shipped;
  }
  const { cart, limitMs, json } = wish;
  const startedAt = performance.now();
  const report = terminalReport();
  const print = (line = '') => {
    if (!json) process.stdout.write(`${line}\n`);
  };

  const coming = up({ report, settings: readSettings() });
  const deployed = await deploy(coming, {}, report);
  const aws = await coming;
  const clients = clientsOf(aws);
  const seeding = report.step('Stock and contacts');
  await seed(clients, deployed);
  seeding.done();

  print(`\n${describeCart(cart)}\n`);
  print(bold(row('time', 'fact', 'source', 'caused by')));
  const journey = await followOrder(clients, deployed, cart, {
    onStep: (step) => print(describeStep(step)),
    onWait: (ms) =>
      print(dim(`${`${(ms / 1000).toFixed(0)} s`.padStart(9)}   … what failed comes again after a while`)),
    limitMs,
  });
  const mails = (await keptMails(aws.endpoint)).filter(({ subject }) => subject.includes(` ${journey.orderId} `));
  const seconds = (performance.now() - startedAt) / 1000;
  if (json) process.stdout.write(`${JSON.stringify({ ...journey, mails, seconds }, undefined, 2)}\n`);
  for (const line of [...describeMails(mails), ...describeView(journey.view), '', ...describeEnd(journey, seconds)]) {
    print(line);
  }
  for (const line of describeNext(aws, deployed, cart, journey)) print(line);
  return journey.end === 'shipped' ? EXIT.shipped : journey.end === 'open' ? EXIT.open : EXIT.refused;
}

const bold = (text: string) => styleText('bold', text);
const dim = (text: string) => styleText('dim', text);

function row(time: string, fact: string, source: string, causedBy: string): string {
  return `${time.padStart(9)}   ${fact.padEnd(28)} ${source.padEnd(20)} ${causedBy}`.trimEnd();
}

function describeStep({ type, source, sinceStartMs, causedBy }: Step): string {
  const line = row(`${(sinceStartMs / 1000).toFixed(2)} s`, type, source, causedBy ?? '');
  const colour = colourOf(type);
  return colour === undefined ? line : line.replace(type, styleText(colour, type));
}

/** An end, good or bad, and what leads to a bad one. */
function colourOf(type: string): 'green' | 'red' | 'yellow' | undefined {
  if (type === 'OrderShipped') return 'green';
  if (type === 'OrderCancelled') return 'red';
  return type.endsWith('Failed') ? 'yellow' : undefined;
}

function money(minorUnits: number, currency: string): string {
  return `${(minorUnits / 100).toFixed(2)} ${currency}`;
}

function describeCart({ cartId, lines, currency, paymentMethod, shippingAddress }: CartCheckedOut): string {
  const goods = lines.map(({ quantity, sku }) => `${quantity} × ${sku}`).join(', ');
  const total = lines.reduce((sum, { quantity, unitPrice }) => sum + quantity * unitPrice, 0);
  return `${bold(cartId)} is checked out: ${goods}, ${money(total, currency)}, ${paymentMethod}, ${shippingAddress}`;
}

function describeMails(mails: readonly KeptMail[]): readonly string[] {
  const lines = mails.map(({ to, subject }) => `  ${to.padEnd(20)} ${subject}`);
  return ['', bold('Mails'), ...(lines.length > 0 ? lines : [dim('  none')])];
}

function describeView(view: OrderView | undefined): readonly string[] {
  if (view === undefined) return ['', bold('Order view'), dim('  nothing yet')];
  const { timeline, lines = [], total, currency = '' } = view;
  const rows = {
    order: view.orderId,
    status: view.status,
    reason: view.reason,
    customer: view.customerId,
    lines: lines.map(({ quantity, sku }) => `${quantity} × ${sku}`).join(', '),
    total: total === undefined ? undefined : money(total, currency),
    payment: view.paymentId,
    shipment: view.shipmentId,
    'tracking code': view.trackingCode,
    timeline: `${timeline.length} facts`,
    'last updated': view.lastUpdated,
  };
  const shown = Object.entries(rows).filter(([, value]) => value !== undefined);
  return ['', bold('Order view'), ...shown.map(([name, value]) => `  ${name.padEnd(14)} ${value}`)];
}

function describeEnd({ orderId, wasThere, end, steps, view }: Journey, seconds: number): readonly string[] {
  if (wasThere) {
    const mark = end === 'shipped' ? styleText('green', '✔') : styleText('red', '✖');
    return [`${mark} ${orderId} was ${end} before: the same cart is the same order, and nothing new happened`];
  }
  const took = `${((steps.at(-1)?.sinceStartMs ?? 0) / 1000).toFixed(1)} s on the bus, ${seconds.toFixed(1)} s in all`;
  switch (end) {
    case 'shipped':
      return [`${styleText('green', '✔')} ${orderId} is shipped: ${took}`];
    case 'cancelled':
      return [`${styleText('red', '✖')} ${orderId} is cancelled (${view?.reason ?? 'reason unknown'}): ${took}`];
    case 'open':
      return [
        `${styleText('yellow', '…')} ${orderId} has not ended yet: ${took}`,
        '  → npm run local:logs shows what the functions say; --wait gives it longer.',
      ];
  }
}

function describeNext(
  { endpoint }: LocalAws,
  { busName }: Deployed,
  cart: CartCheckedOut,
  { end }: Journey,
): readonly string[] {
  const detail = {
    ...cart,
    cartId: `${cart.cartId}-by-hand`.slice(0, 58),
    paymentMethod: 'tok_ok',
    shippingAddress: 'addr_ok',
  };
  const { source, type } = CartCheckedOut;
  const entries = [{ EventBusName: busName, Source: source, DetailType: type, Detail: JSON.stringify(detail) }];
  return [
    '',
    bold('Try next'),
    '  npm start -- --payment tok_declined      a payment that is refused',
    '  npm start -- --quantity 5000             more than there is',
    ...(end === 'shipped' ? [] : ['  npm start                                one that is shipped']),
    '  npm run local:logs factbus-payments      what a function logged',
    '  npm run local:down                       end the local AWS',
    '',
    '  The same with the AWS command line:',
    `  eval "$(npm run --silent local:up 2>/dev/null)"`,
    `  aws events put-events --endpoint-url ${endpoint} --entries '${JSON.stringify(entries)}'`,
    '  …and with a declined payment:',
    `  aws events put-events --endpoint-url ${endpoint} --entries '${JSON.stringify(entries)
      .replace('tok_ok', 'tok_declined')
      .replace('-by-hand', '-declined')}'`,
  ];
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(explain(error));
  if (error instanceof WrongUse) process.stderr.write('  → How it is used: npm start -- --help\n');
  process.exitCode = error instanceof WrongUse ? EXIT.wrongUse : EXIT.failed;
}
