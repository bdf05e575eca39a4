import { parseArgs } from 'node:util';
import { explain, WrongUse } from './explain.ts';
import { type DownResult, down, localAwsEnvironment, type Status, status, up } from './local-aws.ts';
import { terminalReport } from './report.ts';

const HELP = `The local AWS of this repository: LocalStack, in Docker or as a process of this machine.

  npm run local:up                    see to it that one answers; may be called at any time
  npm run local:status [-- --json]    what answers, and where
  npm run local:logs [name]           LocalStack's log, or a function's; part of its name will do
  npm run local:down                  take down what local:up started, and nothing else

Options of logs
  --follow, -f       go on with what comes
  --lines, -n <n>    how many lines of what was before   (default 200)

Environment
  AWS_ENDPOINT_URL          an AWS that is there already; nothing is started then
  FACTBUS_LOCAL_PORT        port to listen on, on 127.0.0.1            (default 4566)
  FACTBUS_LOCAL_DIR         folder for state, logs and what is installed   (default .local)
  FACTBUS_LOCAL_PACKAGES    folder for what is installed alone, to be shared
  FACTBUS_LOCAL_MODE        docker or host                 (default Docker, if it answers)
  FACTBUS_PYTHON            the Python 3.13 for host mode                 (default found)

Exit codes: 0 all well, 1 failed, 2 wrong use, 3 (status) nothing answers.
`;

const EXIT = { ok: 0, failed: 1, wrongUse: 2, notRunning: 3 } as const;

async function main(): Promise<number> {
  const { values, positionals } = readArguments();
  const [verb, ...rest] = positionals;
  if (values.help || verb === undefined || verb === 'help') {
    process.stdout.write(HELP);
    return values.help || verb === 'help' ? EXIT.ok : EXIT.wrongUse;
  }
  if (rest.length > (verb === 'logs' ? 1 : 0)) throw new WrongUse(`"${verb}" does not know what "${rest.at(-1)}" is.`);
  const report = terminalReport();
  switch (verb) {
    case 'up': {
      const startedAt = performance.now();
      const aws = await up({ report });
      if (aws.startedHere) report.say(`\nUp in ${((performance.now() - startedAt) / 1000).toFixed(1)} s. ${HINT}`);
      const variables = Object.entries(localAwsEnvironment(aws.endpoint));
      process.stdout.write(variables.map(([name, value]) => `export ${name}=${value}\n`).join(''));
      return EXIT.ok;
    }
    case 'down':
      report.say(describeDown(await down({ report })));
      return EXIT.ok;
    case 'status': {
      const found = await status();
      process.stdout.write(values.json ? `${JSON.stringify(found, undefined, 2)}\n` : describeStatus(found));
      return found.running ? EXIT.ok : EXIT.notRunning;
    }
    case 'logs': {
      const { showLogs } = await import('./bring-up/logs.ts');
      await showLogs({ functionName: rest[0], follow: values.follow, lines: readLines(values.lines) });
      return EXIT.ok;
    }
    default:
      throw new WrongUse(`There is no "${verb}"; there are up, down, status and logs.`);
  }
}

const HINT = 'npm run local:logs shows what it does, npm run local:down ends it. For your own shell:\n';

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        help: { type: 'boolean', short: 'h', default: false },
        json: { type: 'boolean', default: false },
        follow: { type: 'boolean', short: 'f', default: false },
        lines: { type: 'string', short: 'n', default: '200' },
      },
    });
  } catch (error) {
    throw new WrongUse(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function readLines(value: string): number {
  if (!/^\d+$/.test(value)) throw new WrongUse(`--lines is "${value}"; it has to be a whole number.`);
  return Number(value);
}

function describeDown(result: DownResult): string {
  switch (result.outcome) {
    case 'stopped':
      return `The local AWS at ${result.endpoint} is down; nothing of it is left running.`;
    case 'left-alone':
      return `What answers at ${result.endpoint} was not started from here: left alone.`;
    case 'nothing-there':
      return `There is no local AWS at ${result.endpoint}.`;
  }
}

function describeStatus(found: Status): string {
  if (!found.running) return `No local AWS at ${found.endpoint}. Start one: npm run local:up\n`;
  const rows = [
    ['Endpoint', found.endpoint],
    ['Version', found.version ?? 'no LocalStack'],
    ['Mode', found.mode === 'existing' ? 'existing, not started from here' : found.mode],
    ['Since', found.startedAt ?? 'unknown'],
    ['Processes', String(found.processes.length)],
    ['Folder', found.folder],
  ];
  return rows.map(([name = '', value]) => `${name.padEnd(10)} ${value}\n`).join('');
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(explain(error));
  if (error instanceof WrongUse) process.stderr.write('  → How it is used: npm run local:status -- --help\n');
  process.exitCode = error instanceof WrongUse ? EXIT.wrongUse : EXIT.failed;
}
