import { expect, test } from 'vitest';
import { fits } from '../../simulation/pattern.ts';

test.each([
  [{ source: ['a', 'b'] }, { source: 'b', more: 1 }, true],
  [{ source: ['a', 'b'] }, { source: 'c' }, false],
  [{ source: ['a'], 'detail-type': ['X'] }, { source: 'a', 'detail-type': 'Y' }, false],
  [{ $or: [{ source: ['a'] }, { source: ['b'], 'detail-type': ['X'] }] }, { source: 'b', 'detail-type': 'X' }, true],
  [{ $or: [{ source: ['a'] }, { source: ['b'] }] }, { source: 'c' }, false],
  [{ image: { published: { N: [{ exists: true }] } } }, { image: { published: { N: '1' } } }, true],
  [{ image: { published: { N: [{ exists: true }] } } }, { image: {} }, false],
  [{ image: { published: { N: [{ exists: true }] } } }, {}, false],
  [{ image: { published: [{ exists: false }] } }, { image: {} }, true],
])('%j, held against %j: %s', (pattern, value, expected) => {
  expect(fits(pattern, value)).toBe(expected);
});

test('what it does not know it refuses', () => {
  expect(() => fits({ source: [{ prefix: 'a' }] }, { source: 'ab' })).toThrow(
    'does not know the pattern {"prefix":"a"}',
  );
  expect(() => fits({ source: 'a' }, { source: 'a' })).toThrow('the pattern of source is "a": give a list');
});
