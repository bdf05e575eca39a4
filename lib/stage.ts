import type { Node } from 'constructs';

/** What one deployment of the stack is called, and how much its data matters. */
export interface StageSettings {
  readonly name: string;
  /** Name of the bus and of the stack, and the beginning of every other name. */
  readonly busName: string;
  /** Tables and archive outlive the stack, cannot be deleted by mistake, and can be restored. */
  readonly durable: boolean;
  /** The address that mail is sent from. */
  readonly mailFrom: string;
}

/**
 * Reads the settings from the context, that is, from `cdk deploy -c stage=prod`:
 *
 * - `stage`: 1–20 letters, digits and hyphens; `dev` unless given.
 * - `durable`: `true` or `false`; true for any stage but `dev` unless given. False is for throw-away stages.
 * - `mailFrom`: `shop@factbus.example` unless given, which no mail can come from; a durable stage needs a real one.
 *
 * @throws Error that lists all that is wrong
 */
export function stageSettings(context: Node): StageSettings {
  const name: unknown = context.tryGetContext('stage') ?? 'dev';
  const durable: unknown = context.tryGetContext('durable') ?? name !== 'dev';
  const busName = name === 'dev' ? 'factbus' : `factbus-${name}`;
  const givenMailFrom: unknown = context.tryGetContext('mailFrom');
  const mailFrom: unknown = givenMailFrom ?? 'shop@factbus.example';

  const faults: string[] = [];
  if (!isStageName(name)) {
    faults.push(`stage is '${name}': give 1–20 letters, digits and hyphens that begin and end with a letter or digit`);
  }
  if (!isFlag(durable)) faults.push(`durable is '${durable}': give true or false`);
  if (!isAddress(mailFrom)) faults.push(`mailFrom is '${mailFrom}': give one mail address, such as shop@example.com`);
  if (String(durable) === 'true' && givenMailFrom === undefined) {
    faults.push('mailFrom is not given: a durable stage needs an address that SES may send from');
  }
  if (faults.length > 0 || !isStageName(name) || !isFlag(durable) || !isAddress(mailFrom)) {
    throw new Error(['the context does not fit (give it as in `-c stage=prod`):', ...faults].join('\n  - '));
  }
  return { name, busName, durable: String(durable) === 'true', mailFrom };
}

function isStageName(value: unknown): value is string {
  return typeof value === 'string' && /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,18}[A-Za-z0-9])?$/.test(value);
}

/** The command line gives strings, `cdk.json` may give the real thing. */
function isFlag(value: unknown): value is boolean | 'true' | 'false' {
  return value === true || value === false || value === 'true' || value === 'false';
}

function isAddress(value: unknown): value is string {
  return typeof value === 'string' && /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/.test(value);
}
