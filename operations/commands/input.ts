import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { wrongUse } from '../failure.ts';
import type { Session } from './session.ts';

/**
 * Reads a file, or standard input for `-`.
 *
 * @throws OperatorError when it cannot be read
 */
export async function readInput({ stdin }: Pick<Session, 'stdin'>, file: string): Promise<string> {
  if (file === '-') return await text(stdin);
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw wrongUse(`${file} cannot be read: ${cause instanceof Error ? cause.message : cause}.`);
  }
}

/**
 * Reads JSON.
 *
 * @param where it comes from, for the message
 * @throws OperatorError when it is none
 */
export function parseJson(json: string, where: string): unknown {
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw wrongUse(`${where} is not JSON: ${cause instanceof Error ? cause.message : cause}.`);
  }
}
