import { assertFits, UnreadableEvent } from '../../functions/backbone/envelope.ts';
import type { FactType } from '../../functions/backbone/fact.ts';
import { wrongUse } from '../failure.ts';

/**
 * Finds a fact by its name, whatever the case.
 *
 * @throws OperatorError that names those which come near
 */
export function findFact(facts: readonly FactType[], name: string): FactType {
  const found = facts.find(({ type }) => type.toLowerCase() === name.toLowerCase());
  if (found !== undefined) return found;
  const near = facts.filter(({ type }) => shareWord(type, name)).map(({ type }) => type);
  const suggested =
    near.length > 0 ? `Do you mean ${near.join(', ')}?` : `There are ${facts.map(({ type }) => type).join(', ')}.`;
  throw wrongUse(`There is no fact "${name}".`, suggested);
}

function shareWord(one: string, other: string): boolean {
  const words = (text: string) => text.split(/(?=[A-Z])|[^A-Za-z]+/).map((word) => word.toLowerCase());
  return words(one).some(
    (word) =>
      word.length > 3 && words(other).some((own) => own.startsWith(word) || (word.startsWith(own) && own.length > 3)),
  );
}

/**
 * Holds data against a fact's schema.
 *
 * @throws OperatorError with a line a fault
 */
export function validate(fact: FactType, data: unknown): void {
  try {
    assertFits(fact, data);
  } catch (error) {
    if (!(error instanceof UnreadableEvent)) throw error;
    const faults = error.faults.map(({ where, what }) => `${where} ${what}`);
    throw wrongUse(
      [
        `The data does not fit ${fact.type} in version ${fact.schemaVersion}:`,
        ...faults.map((fault) => `    ${fault}`),
      ].join('\n'),
      `An example of what fits: npx factbus events send ${fact.type} --example`,
    );
  }
}
