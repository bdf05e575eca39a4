import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { lint } from './cfn-lint.ts';
import { templateOf } from './synthesised.ts';

/** The first run installs cfn-lint; from then on it takes a few seconds. */
const INSTALLATION_MS = 300_000;

const folder = mkdtempSync(join(tmpdir(), 'factbus-cfn-lint-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, template: unknown): string {
  const path = join(folder, `${name}.template.json`);
  writeFileSync(path, JSON.stringify(template));
  return path;
}

describe('cfn-lint', { timeout: INSTALLATION_MS }, () => {
  it('finds nothing in the templates', () => {
    const templates = (['dev', 'prod'] as const).map((stage) => file(stage, templateOf(stage).toJSON()));

    expect(lint(...templates)).toBe('');
  });

  it('finds what is wrong', () => {
    const wrong = { Resources: { Queue: { Type: 'AWS::SQS::Queue', Properties: { DelaySeconds: 901 } } } };

    expect(lint(file('wrong', wrong))).toContain('901 is greater than the maximum of 900');
  });
});
