import { expect, test } from 'vitest';
import { DoesNotApply, type Mutation, mutated } from './mutation.ts';
import { MUTATIONS } from './mutations.ts';
import { mutatedFile } from './sandbox.ts';

test.each(MUTATIONS)('$name', (mutation) => {
  expect(mutatedFile(mutation)).toContain(mutation.put);
});

test('no two have one name', () => {
  const names = MUTATIONS.map(({ name }) => name);

  expect(new Set(names).size).toBe(names.length);
});

const mutation: Mutation = { name: 'off by one', breaks: 'It counts wrong.', file: 'a.ts', find: '+ 1', put: '+ 2' };

test.each([
  ['nowhere', 'n'],
  ['twice', 'n + 1 + 1'],
])('a mutation whose text stands %s does not apply', (_, text) => {
  expect(() => mutated(text, mutation)).toThrow(DoesNotApply);
});

test('a mutation changes its place and nothing else', () => {
  expect(mutated('a = n + 1;\nb = n;', mutation)).toBe('a = n + 2;\nb = n;');
});
