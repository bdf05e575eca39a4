import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { OperatorError, wrongUse } from '../failure.ts';

/**
 * Lets a person edit a text in their editor: `VISUAL`, else `EDITOR`.
 *
 * @returns the text as it was saved
 * @throws OperatorError when there is no editor, or it ends with a failure
 */
export async function editText(text: string, environment: NodeJS.ProcessEnv): Promise<string> {
  const editor = environment.VISUAL || environment.EDITOR;
  if (!editor) throw wrongUse('There is no editor.', 'Set EDITOR, or give a JSON patch with --patch.');
  const folder = mkdtempSync(path.join(tmpdir(), 'factbus-edit-'));
  const file = path.join(folder, 'message.json');
  try {
    writeFileSync(file, text, { mode: 0o600 });
    // As git does: the variable is a command line, to which the file is added.
    const child = spawn('/bin/sh', ['-c', `${editor} "$1"`, 'sh', file], { stdio: 'inherit', env: environment });
    const [code] = await once(child, 'close');
    if (code !== 0) throw new OperatorError(`The editor (${editor}) ended with ${code}: nothing was changed.`);
    return readFileSync(file, 'utf8');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
