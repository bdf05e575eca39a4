export async function showLogs(_: {
  functionName: string | undefined;
  follow: boolean;
  lines: number;
}): Promise<void> {}
