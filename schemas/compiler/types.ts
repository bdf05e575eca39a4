import type { Field, Shape } from './shape.ts';

/** The TypeScript type of what a shape describes, as text: deeply read-only, documented field by field. */
export function typeText(shape: Shape, indent = ''): string {
  switch (shape.type) {
    case 'object':
      return `{\n${shape.fields.map((field) => fieldText(field, `${indent}  `)).join('')}${indent}}`;
    case 'array':
      return `readonly ${parenthesized(typeText(shape.items, indent))}[]`;
    default:
      return literals(shape.limits) ?? (shape.type === 'integer' ? 'number' : shape.type);
  }
}

/** A TSDoc comment, with its text wrapped. */
export function comment(text: string, indent = ''): string {
  const lines = [...text.replaceAll('*/', '*\\/').matchAll(/(\S.{0,110})(?:\s+|$)/g)].map((match) => match[1]);
  if (lines.length === 1) return `${indent}/** ${lines[0]} */\n`;
  return `${indent}/**\n${lines.map((line) => `${indent} * ${line}\n`).join('')}${indent} */\n`;
}

const fieldText = ({ name, required, description, shape }: Field, indent: string): string =>
  `${comment(description, indent)}${indent}readonly ${name}${required ? '' : '?'}: ${typeText(shape, indent)};\n`;

function literals(limits: { readonly enum?: unknown; readonly const?: unknown }): string | undefined {
  if ('const' in limits) return JSON.stringify(limits.const);
  return Array.isArray(limits.enum) ? limits.enum.map((value) => JSON.stringify(value)).join(' | ') : undefined;
}

const parenthesized = (type: string): string => (type.includes(' | ') && !type.startsWith('{') ? `(${type})` : type);
