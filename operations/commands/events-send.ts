import { readFileSync } from 'node:fs';
import path from 'node:path';
import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { Command } from 'commander';
import { timestamp } from '../../functions/backbone/clock.ts';
import type { FactType } from '../../functions/backbone/fact.ts';
import type { Destination } from '../connection.ts';
import { compose } from '../facts/compose.ts';
import { findFact, validate } from '../facts/find-fact.ts';
import { EXIT, type Exit, OperatorError, wrongUse } from '../failure.ts';
import { parseJson, readInput } from './input.ts';
import { withDestination, withJson } from './options.ts';
import { connected, type Run, type Session } from './session.ts';

interface Options extends Destination {
  readonly data?: string;
  readonly file?: string;
  readonly set?: readonly string[];
  readonly eventId?: string;
  readonly example?: true;
  readonly dryRun?: true;
  readonly json?: true;
}

export function eventsSend(session: Session, run: Run): Command {
  const command = new Command('send')
    .argument('<fact>', 'the name of the fact, such as CartCheckedOut')
    .summary('put a fact on the bus')
    .description(
      "Puts a fact on the bus, after its data was held against its schema. The fact's source is that of its schema.",
    )
    .optionsGroup('The data, from any of these, the later into the earlier:')
    .option('--file <path>', 'JSON in a file, or on standard input with -')
    .option('--data <json>', 'JSON itself')
    .option(
      '--set <path=value>',
      'one value: path=text, or path:=json for anything else; may be repeated',
      (one: string, before: readonly string[] = []) => [...before, one],
    )
    .optionsGroup('Options:')
    .option('--event-id <id>', "the event's id, by which a duplicate is known (default: a new one)")
    .option('--example', 'show data that fits, and send nothing')
    .option('--dry-run', 'check the data and show the event, and send nothing');
  withJson(command);
  return withDestination(command)
    .addHelpText(
      'after',
      `
Examples:
  $ npx factbus events send CartCheckedOut --example > cart.json
  $ npx factbus events send CartCheckedOut --file cart.json --set cartId=c7 --local
  $ npx factbus events send StockReceived --set sku=mug-blue --set quantity:=100 --set deliveryId=d1
  $ jq .cart order.json | npx factbus events send CartCheckedOut --file - --stage prod --profile shop-prod
`,
    )
    .action((name: string, options: Options) => run(() => send(session, name, options)));
}

async function send(session: Session, name: string, options: Options): Promise<Exit> {
  const { terminal, catalogue, clock, ids } = session;
  const fact = findFact(catalogue.facts, name);
  if (options.example) {
    terminal.printJson(exampleOf(fact));
    return EXIT.ok;
  }
  const data = await dataOf(session, fact, options);
  validate(fact, data);
  const id = options.eventId ?? ids.next();
  const detail = { metadata: { id, time: timestamp(clock.now()), schemaVersion: fact.schemaVersion }, data };
  if (options.dryRun) {
    terminal.printJson({ source: fact.source, 'detail-type': fact.type, detail });
    terminal.say(`The data fits ${fact.type}; nothing was sent.`);
    return EXIT.ok;
  }

  const { busName, clients } = await connected(session, options);
  const entry = { EventBusName: busName, Source: fact.source, DetailType: fact.type, Detail: JSON.stringify(detail) };
  const { Entries: [answer] = [] } = await clients.events.send(new PutEventsCommand({ Entries: [entry] }));
  if (answer?.EventId === undefined) {
    throw new OperatorError(
      `The bus did not take ${fact.type}: ${answer?.ErrorCode ?? 'no answer'} ${answer?.ErrorMessage ?? ''}`,
    );
  }
  if (options.json) terminal.printJson({ id, type: fact.type, source: fact.source, time: detail.metadata.time });
  else {
    terminal.print(`${terminal.paint('green', '✔')} ${fact.type} of ${fact.source} is on the bus as ${id}`);
    terminal.say(terminal.paintSaid('dim', `What follows from it: npx factbus trace ${id}`));
  }
  return EXIT.ok;
}

async function dataOf(session: Session, fact: FactType, { file, data, set = [] }: Options): Promise<unknown> {
  if (file === undefined && data === undefined && set.length === 0) {
    throw wrongUse(
      `${fact.type} needs data: --file, --data or --set.`,
      `An example of what fits: npx factbus events send ${fact.type} --example`,
    );
  }
  const fromFile =
    file === undefined ? undefined : parseJson(await readInput(session, file), file === '-' ? 'Standard input' : file);
  const given = data === undefined ? undefined : parseJson(data, '--data');
  const base = isObject(fromFile) && isObject(given) ? { ...fromFile, ...given } : (given ?? fromFile);
  return compose(base, set);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const SCHEMAS = path.join(import.meta.dirname, '../../schemas');

/** The first example of a fact's schema. */
function exampleOf({ type, source, schemaVersion }: FactType): unknown {
  const context = source.split('.').at(-1) ?? '';
  const file = path.join(SCHEMAS, context, type, `${schemaVersion}.json`);
  const { examples: [example] = [] }: { readonly examples?: readonly unknown[] } = JSON.parse(
    readFileSync(file, 'utf8'),
  );
  if (example === undefined) throw new OperatorError(`${file} has no example.`);
  return example;
}
