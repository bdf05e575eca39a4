import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** CDK leaves a folder for every app that is synthesised: they go into one of ours, which goes with the tests. */
export default function setup(): () => void {
  const folder = mkdtempSync(path.join(tmpdir(), 'factbus-stack-'));
  process.env.TMPDIR = folder;
  return () => rmSync(folder, { recursive: true, force: true });
}
