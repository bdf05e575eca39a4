import { Duration } from 'aws-cdk-lib';
import type { Node } from 'constructs';
import { type Generation, isGeneration } from '../functions/order-view/generations.ts';

/** What one deployment of the stack is called, and how much its data matters. */
export interface StageSettings {
  readonly name: string;
  /** Name of the bus and of the stack, and the beginning of every other name. */
  readonly busName: string;
  /** Tables and archive outlive the stack, cannot be deleted by mistake, and can be restored. */
  readonly durable: boolean;
  /** The address that mail is sent from. */
  readonly mailFrom: string;
  /** The address that is told of every alarm. */
  readonly alarmsTo: string | undefined;
  readonly deadlines: Deadlines;
  /** Which generations of the order view there are, lowest first: docs/late-joiners.md. */
  readonly orderViews: readonly [Generation, ...Generation[]];
}

/** How long a step may take before it is given up; SQS holds a message back for 15 minutes at most. */
export interface Deadlines {
  /** From an order's placing to its confirmation: after that it is cancelled. */
  readonly order: Duration;
  /** From an order's confirmation to its dispatch: after that its shipment has failed. */
  readonly shipping: Duration;
  /** From an order's cancellation to the return of its stock and money: after that somebody is to look at it. */
  readonly settlement: Duration;
}

const MOST_DEADLINE_SECONDS = 15 * 60;

/**
 * Reads the settings from the context, that is, from `cdk deploy -c stage=prod`:
 *
 * - `stage`: 1–20 letters, digits and hyphens; `dev` unless given.
 * - `durable`: `true` or `false`; true for any stage but `dev` unless given. False is for throw-away stages.
 * - `mailFrom`: `shop@factbus.example` unless given, which no mail can come from; a durable stage needs a real one.
 * - `alarmsTo`: a mail address that is told of every alarm; nobody is unless given.
 * - `orderDeadline`, `shippingDeadline`, `settlementDeadline`: whole seconds, 1–900; 900, that is 15 minutes, unless
 *   given.
 * - `orderViews`: the generations of the order view, such as `1,2`; `1` unless given.
 *
 * @throws Error that lists all that is wrong
 */
export function stageSettings(context: Node): StageSettings {
  const name: unknown = context.tryGetContext('stage') ?? 'dev';
  const durable: unknown = context.tryGetContext('durable') ?? name !== 'dev';
  const busName = name === 'dev' ? 'factbus' : `factbus-${name}`;
  const givenMailFrom: unknown = context.tryGetContext('mailFrom');
  const mailFrom: unknown = givenMailFrom ?? 'shop@factbus.example';
  const alarmsTo: unknown = context.tryGetContext('alarmsTo');

  const seconds = (deadline: string): unknown => context.tryGetContext(deadline) ?? MOST_DEADLINE_SECONDS;
  const deadlines = {
    orderDeadline: seconds('orderDeadline'),
    shippingDeadline: seconds('shippingDeadline'),
    settlementDeadline: seconds('settlementDeadline'),
  };

  const givenOrderViews: unknown = context.tryGetContext('orderViews') ?? '1';
  const orderViews = generationsIn(givenOrderViews);

  const faults: string[] = [];
  if (!isStageName(name)) {
    faults.push(`stage is '${name}': give 1–20 letters, digits and hyphens that begin and end with a letter or digit`);
  }
  if (!isFlag(durable)) faults.push(`durable is '${durable}': give true or false`);
  if (!isAddress(mailFrom)) faults.push(`mailFrom is '${mailFrom}': give one mail address, such as shop@example.com`);
  if (!isAddressOrNone(alarmsTo)) {
    faults.push(`alarmsTo is '${alarmsTo}': give one mail address, such as ops@example.com`);
  }
  if (String(durable) === 'true' && givenMailFrom === undefined) {
    faults.push('mailFrom is not given: a durable stage needs an address that SES may send from');
  }
  for (const [deadline, value] of Object.entries(deadlines)) {
    if (isDeadline(value)) continue;
    faults.push(`${deadline} is '${value}': give whole seconds, 1 to ${MOST_DEADLINE_SECONDS}`);
  }
  if (orderViews === undefined) {
    faults.push(`orderViews is '${givenOrderViews}': give different whole numbers from 1 to 999, such as 1,2`);
  }
  if (
    faults.length > 0 ||
    !isStageName(name) ||
    !isFlag(durable) ||
    !isAddress(mailFrom) ||
    !isAddressOrNone(alarmsTo) ||
    orderViews === undefined
  ) {
    throw new Error(['the context does not fit (give it as in `-c stage=prod`):', ...faults].join('\n  - '));
  }
  return {
    name,
    busName,
    durable: String(durable) === 'true',
    mailFrom,
    alarmsTo,
    orderViews,
    deadlines: {
      order: Duration.seconds(Number(deadlines.orderDeadline)),
      shipping: Duration.seconds(Number(deadlines.shippingDeadline)),
      settlement: Duration.seconds(Number(deadlines.settlementDeadline)),
    },
  };
}

function isStageName(value: unknown): value is string {
  return typeof value === 'string' && /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,18}[A-Za-z0-9])?$/.test(value);
}

/** The command line gives strings, `cdk.json` may give the real thing. */
function isFlag(value: unknown): value is boolean | 'true' | 'false' {
  return value === true || value === false || value === 'true' || value === 'false';
}

/** A number from `cdk.json`, or its digits from the command line. */
function isDeadline(value: unknown): boolean {
  const seconds = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  return Number.isSafeInteger(seconds) && Number(seconds) >= 1 && Number(seconds) <= MOST_DEADLINE_SECONDS;
}

/** Numbers from the command line, or the one that cdk.json gives; lowest first. */
function generationsIn(value: unknown): StageSettings['orderViews'] | undefined {
  const texts = String(value).split(',');
  if (!texts.every((text) => /^[1-9]\d*$/.test(text) && isGeneration(Number(text)))) return undefined;
  const [first, ...rest] = texts.map(Number).sort((one, other) => one - other);
  if (first === undefined || new Set(texts).size < texts.length) return undefined;
  return [first, ...rest];
}

function isAddressOrNone(value: unknown): value is string | undefined {
  return value === undefined || isAddress(value);
}

function isAddress(value: unknown): value is string {
  return typeof value === 'string' && /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/.test(value);
}
