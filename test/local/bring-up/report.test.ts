import { expect, test } from 'vitest';
import { terminalReport } from '../../../localstack/report.ts';

function written() {
  let text = '';
  let time = 0;
  const report = terminalReport({ write: (part) => (text += part) }, () => time);
  return { report, text: () => text, pass: (ms: number) => (time += ms) };
}

test('in a file every step is one aligned line, without control characters', () => {
  const { report, text, pass } = written();

  report.say('Host mode.');
  const packages = report.step('Python packages');
  const dynamoDb = report.step('DynamoDB Local');
  packages.progress('Downloading botocore');
  pass(4_100);
  dynamoDb.failed('no Java');
  pass(8_000);
  packages.done('113 packages');
  packages.done('once is enough');

  expect(text()).toBe(
    ['Host mode.', '✖ DynamoDB Local       4.1 s   no Java', '✔ Python packages     12.1 s   113 packages', ''].join(
      '\n',
    ),
  );
});
