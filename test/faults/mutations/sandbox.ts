import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Mutation, mutated } from './mutation.ts';

const ROOT = path.resolve(import.meta.dirname, '../../..');

/** What the campaign is made of. What it imports of packages comes from where they are installed. */
const COPIED = ['package.json', 'functions', 'lib', 'schemas', 'test/simulation', 'test/faults'];

/**
 * The file of a mutation with the mistake in it.
 *
 * @throws DoesNotApply
 */
export function mutatedFile(mutation: Mutation): string {
  return mutated(readFileSync(path.join(ROOT, mutation.file), 'utf8'), mutation);
}

/** A copy of the shop and its campaign, with a mistake in it. It is gone at the end of the process at the latest. */
export class Sandbox {
  readonly folder: string;
  readonly #ended = () => this.remove();

  /** @throws DoesNotApply */
  constructor(mutation: Mutation) {
    const text = mutatedFile(mutation);
    this.folder = mkdtempSync(path.join(tmpdir(), 'factbus-mutation-'));
    process.once('exit', this.#ended);
    for (const part of COPIED) {
      const target = path.join(this.folder, part);
      mkdirSync(path.dirname(target), { recursive: true });
      cpSync(path.join(ROOT, part), target, { recursive: true });
    }
    symlinkSync(path.join(ROOT, 'node_modules'), path.join(this.folder, 'node_modules'));
    writeFileSync(path.join(this.folder, mutation.file), text);
  }

  remove(): void {
    process.off('exit', this.#ended);
    rmSync(this.folder, { recursive: true, force: true });
  }
}
