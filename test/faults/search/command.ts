import { parseArgs, styleText } from 'node:util';
import { progress } from '../progress.ts';
import { type Circumstances, ONE_ORDER, TWO_ORDERS } from './circumstances.ts';
import { preface, story, summary, thousands, verdict } from './report.ts';
import { type Search, search } from './search.ts';
import { RULES } from './shop-model.ts';

/**
 * Exit codes: 0 every promise is kept in every state, 1 one is broken, 2 the command line does not fit, 3 there are more
 * states than were to be looked at.
 */

const HELP = `Every state that one order can reach, or two over one unit of stock, by the real deciders.

  node test/faults/search/command.ts                 one order
  node test/faults/search/command.ts --orders 2      two orders; each of them is put through less
  node test/faults/search/command.ts --no-fence      what the fence is there for

What happens                                         one order   two
  --total <n>              what a cart costs, in cents    2500   2500
  --[no-]cancellation      the customer may cancel         yes   yes
  --[no-]second-click      a cart comes under two ids      yes   no
  --[no-]dead-letters      calls are never answered        yes   no
  --[no-]fence             whoever asks about a call       yes   yes
                           waits for its attempts

Bounds
  --handlers <n>           of one message at a time          2   1
  --handlers-at-once <n>   of all messages                   -   -
  --forgotten-keys <n>     that the outside forgets          2   0
  --loads                  others come between a load and its write too;
                           many more states: bound --handlers-at-once
  --most-states <n>        gives up beyond it       50 000 000

  --json                   the result for programs
  --help                   this

Exit codes: 0 every promise is kept in every state, 1 one is broken, 2 the command line does not fit,
3 there are more states than --most-states.`;

const OPTIONS = {
  orders: { type: 'string', default: '1' },
  total: { type: 'string' },
  cancellation: { type: 'boolean' },
  'second-click': { type: 'boolean' },
  'dead-letters': { type: 'boolean' },
  fence: { type: 'boolean', default: true },
  handlers: { type: 'string' },
  'handlers-at-once': { type: 'string' },
  'forgotten-keys': { type: 'string' },
  loads: { type: 'boolean', default: false },
  'most-states': { type: 'string', default: '50000000' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

class BadCommandLine extends Error {}

interface CommandLine {
  readonly search: Omit<Search, 'progress'>;
  readonly json: boolean;
  readonly help: boolean;
}

function readCommandLine(): CommandLine {
  try {
    const { values } = parseArgs({ options: OPTIONS, allowNegative: true });
    if (values.orders !== '1' && values.orders !== '2') throw new Error(`--orders is '${values.orders}': give 1 or 2`);
    const orders = values.orders === '1' ? 1 : 2;
    const usual = orders === 1 ? ONE_ORDER : TWO_ORDERS;
    const number = (
      name: 'total' | 'handlers' | 'handlers-at-once' | 'forgotten-keys' | 'most-states',
      otherwise = 0,
    ) => (values[name] === undefined ? otherwise : wholeNumber(name, values[name]));
    const circumstances: Circumstances = {
      total: number('total', usual.total),
      cancellation: values.cancellation ?? usual.cancellation,
      secondClick: values['second-click'] ?? usual.secondClick,
      deadLetters: values['dead-letters'] ?? usual.deadLetters,
      fence: values.fence ? 'kept' : 'ignored',
      handlersPerMessage: number('handlers', usual.handlersPerMessage),
      handlersAtOnce: number('handlers-at-once', usual.handlersAtOnce),
      forgottenKeys: number('forgotten-keys', usual.forgottenKeys),
      grain: values.loads ? 'loads and calls' : 'calls',
    };
    const mostStates = number('most-states');
    return { search: { orders, rules: RULES, circumstances, mostStates }, json: values.json, help: values.help };
  } catch (error) {
    throw new BadCommandLine(error instanceof Error ? error.message : String(error));
  }
}

function wholeNumber(name: string, text: string): number {
  const isBound = name.startsWith('handlers');
  if (!(isBound ? /^[1-9]\d*$/ : /^\d+$/).test(text))
    throw new Error(`--${name} is '${text}': give a whole number${isBound ? ' above 0' : ''}`);
  return Number(text);
}

function main(): number {
  const { search: wanted, json, help } = readCommandLine();
  if (help) {
    console.log(HELP);
    return 0;
  }
  if (!json) console.log(`${preface(wanted)}\n`);
  const startMs = performance.now();
  const bar = progress({ isQuiet: json });
  const found = search({
    ...wanted,
    progress: ({ states, transitions, depth }) => {
      const seconds = Math.round((performance.now() - startMs) / 1000);
      bar(`${thousands(states)} states, ${thousands(transitions)} transitions, ${depth} steps deep, ${seconds} s`);
    },
  });
  bar('');
  const seconds = (performance.now() - startMs) / 1000;
  const { violation, isComplete, ends } = found;
  if (json) {
    const { orders, circumstances, mostStates } = wanted;
    console.log(
      JSON.stringify({ orders, circumstances, mostStates, ...found, ends: Object.fromEntries(ends), seconds }),
    );
  } else {
    console.log(`${summary(found, seconds)}\n`);
    console.log(violation === undefined ? verdict(found) : styleText('red', verdict(found)));
    if (violation !== undefined) console.log(`\n${story(violation)}`);
  }
  if (violation !== undefined) return 1;
  return isComplete ? 0 : 3;
}

try {
  process.exitCode = main();
} catch (error) {
  if (!(error instanceof BadCommandLine)) throw error;
  console.error(`${error.message}\n(--help tells what can be said)`);
  process.exitCode = 2;
}
