import { pointerTo } from './faults.ts';
import { type Field, isJson, type Report, type Shape } from './shape.ts';
import type { CompiledValidator } from './validators.ts';

/** Checks that all examples, of the fact and of its fields, fit the schema. */
export function checkExamples(
  shape: Shape,
  examples: readonly unknown[],
  validator: CompiledValidator,
  report: Report,
): void {
  for (const [index, example] of examples.entries()) {
    if (validator(example)) continue;
    for (const { instancePath, message } of validator.errors ?? []) {
      report(pointerTo('', 'examples', index) + instancePath, `the example ${message}`);
    }
  }
  for (const { field, path } of fieldsOf(shape, [])) {
    for (const [index, example] of field.examples.entries()) {
      // No validator is compiled for a field alone: its example is tried where it belongs, in an example of the fact.
      const at = pointerTo('', ...path);
      validator(put(examples[0], path, example));
      for (const { instancePath, message } of validator.errors ?? []) {
        if (instancePath !== at && !instancePath.startsWith(`${at}/`)) continue;
        report(pointerTo(field.pointer, 'examples', index) + instancePath.slice(at.length), `the example ${message}`);
      }
    }
  }
}

type Path = readonly (string | 0)[];

function fieldsOf(shape: Shape, path: Path): { field: Field; path: Path }[] {
  if (shape.type === 'array') return fieldsOf(shape.items, [...path, 0]);
  if (shape.type !== 'object') return [];
  return shape.fields.flatMap((field) => {
    const at = [...path, field.name];
    return [{ field, path: at }, ...fieldsOf(field.shape, at)];
  });
}

/** A document with a value at a path, whatever was or was not there before. */
function put(document: unknown, [head, ...rest]: Path, value: unknown): unknown {
  if (head === undefined) return value;
  if (head === 0) {
    const [first, ...others] = Array.isArray(document) ? document : [];
    return [put(first, rest, value), ...others];
  }
  const members = isJson(document) ? document : {};
  return { ...members, [head]: put(members[head], rest, value) };
}
