/** Tells how far it is: one line that is written over, where somebody looks on; an empty one clears it. */
export function progress({ isQuiet }: { readonly isQuiet: boolean }): (line: string) => void {
  if (isQuiet || !process.stderr.isTTY) return () => {};
  // A line that is broken cannot be written over.
  return (line) => process.stderr.write(`\r\u001b[K${line.slice(0, process.stderr.columns - 1)}`);
}
