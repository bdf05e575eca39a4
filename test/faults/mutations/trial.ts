import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Kind } from '../campaign.ts';
import { repeat } from '../repeatable.ts';
import { commandFor } from '../report.ts';
import type { Finding } from './hunt.ts';
import type { Word } from './hunter.ts';
import type { Mutation } from './mutation.ts';
import { Sandbox } from './sandbox.ts';

/** The schedule that found a mutation breaks a promise without it, too: it shows nothing. */
export class BrokenWithoutMutation extends Error {
  override readonly name = 'BrokenWithoutMutation';
}

/**
 * Lets the campaign hunt for a mutation, in a copy of its own.
 *
 * @param told what is being done
 * @throws DoesNotApply, BrokenWithoutMutation; Error when the mutated campaign cannot be run at all
 */
export async function tryOut(
  mutation: Mutation,
  told: (kind: Kind, schedules: number) => void = () => {},
): Promise<Finding> {
  const sandbox = new Sandbox(mutation);
  try {
    const finding = await huntIn(sandbox, told);
    if (finding.kind === 'found') await assertWellWithout(mutation, finding);
    return finding;
  } finally {
    sandbox.remove();
  }
}

async function huntIn({ folder }: Sandbox, told: (kind: Kind, schedules: number) => void): Promise<Finding> {
  const hunter = new Worker(pathToFileURL(path.join(folder, 'test/faults/mutations/hunter.ts')));
  const { promise, resolve, reject } = Promise.withResolvers<Finding>();
  hunter.on('message', (word: Word) => {
    if (word.kind === 'done') resolve(word.finding);
    else told(word.by, word.schedules);
  });
  hunter.on('error', reject);
  try {
    return await promise;
  } finally {
    await hunter.terminate();
  }
}

async function assertWellWithout({ name }: Mutation, { failure }: Extract<Finding, { kind: 'found' }>): Promise<void> {
  const { violations } = await repeat(failure);
  if (violations.length === 0) return;
  const what = [...violations, `Again: ${commandFor(failure)}`].join('\n');
  throw new BrokenWithoutMutation(`what found the mutation '${name}' is there without it:\n${what}`);
}
